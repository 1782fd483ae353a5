"""The blueprint that all resources hang on, and what each answer may look like in the OpenAPI document."""

from flask_openapi3.blueprint import APIBlueprint

SECURITY: list[dict[str, list[str]]] = [{"bearer": []}]

api = APIBlueprint("api", __name__, url_prefix="/api/v1", abp_security=SECURITY)
