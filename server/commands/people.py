"""`idarati agent …` and `idarati token …`: people who log in, and programs that act for them."""

import sys
from pathlib import Path

import click

from server.actions import people
from server.actions import second_factor as factors
from server.commands.opening import answer, data_option, opened, say, unless_refused
from server.domain.roles import EVERYWHERE, ROLES

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the pass phrase from standard input instead of making one."
)


@click.group()
def agent() -> None:
    """Add people, reset their pass phrases, disable them."""


@agent.command()
@data_option
@click.argument("name")
@click.option("--site", default="", metavar="SITE", help="Code of the site; none for programme and admin.")
@click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True)
@password_option
def add(data: Path | None, name: str, site: str, role: str, *, password_stdin: bool) -> None:
    """Add a person and print the pass phrase, once."""
    _check_site(role, site)
    password = _given_password(wanted=password_stdin)
    with opened(data) as house:
        added = unless_refused(people.add_person(house, name=name, role=role, site=site, password=password))
    _show(added, given=password is not None)


@agent.command()
@data_option
@click.argument("name")
@password_option
@click.option("--second-factor", is_flag=True, help="Take the second factor off instead: phone and codes are lost.")
def reset(data: Path | None, name: str, *, password_stdin: bool, second_factor: bool) -> None:
    """Give a person a new pass phrase and print it, once. Older logins end."""
    if second_factor:
        with opened(data) as house:
            code = unless_refused(factors.remove_of(house, name=name))
        answer({"code": code, "name": name, "second_factor": False})
        say(f"{name} sets a second factor up again at the next login, where it is required.")
        return
    password = _given_password(wanted=password_stdin)
    with opened(data) as house:
        added = unless_refused(people.reset_password(house, name=name, password=password))
    _show(added, given=password is not None)


@agent.command()
@data_option
@click.argument("name")
def disable(data: Path | None, name: str) -> None:
    """Let a person act no more, by login or by token. What they did stays in the journal."""
    with opened(data) as house:
        code = unless_refused(people.disable(house, name=name))
    answer({"code": code, "name": name, "disabled": True})
    say(f"{name} can no longer log in.")


@click.group()
def token() -> None:
    """Create API tokens."""


@token.command()
@data_option
@click.option("--site", default="", metavar="SITE", help="Code of the site; none for programme and admin.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--agent", "name", help="Name of the person the token acts for.")
@click.option("--counter", help="The only counter at which an agent's token may act.")
def create(data: Path | None, site: str, role: str, name: str | None, counter: str | None) -> None:
    """Create a token and print it, once."""
    _check_site(role, site)
    with opened(data) as house:
        made = unless_refused(people.create_token(house, role=role, site=site, agent=name, counter=counter))
    answer({"token": made, "role": role, "site": site or None, "agent": name, "counter": counter})
    say("The token is shown this once and kept nowhere.")


def _check_site(role: str, site: str) -> None:
    if role in EVERYWHERE and site:
        raise click.UsageError(f"A {role} is one for all sites: leave --site out.")
    if role not in EVERYWHERE and not site:
        raise click.UsageError(f"Where is this {role}? Name the site with --site.")


def _given_password(*, wanted: bool) -> str | None:
    if not wanted:
        return None
    password = sys.stdin.readline().rstrip("\n")
    if len(password) < people.SHORTEST_PASSWORD:
        raise click.UsageError(f"A pass phrase has at least {people.SHORTEST_PASSWORD} characters.")
    return password


def _show(added: people.Added, *, given: bool) -> None:
    shown = {"code": added.code, "name": added.name}
    answer(shown if given else {**shown, "password": added.password})
    say(f"{added.name} can log in." if given else f"{added.name} can log in. The pass phrase is shown this once.")
