"""The OpenAPI document: made from the resources themselves, served to anybody."""

from typing import Any

from flask import Response, current_app, jsonify
from flask_openapi3.openapi import OpenAPI

from server.api.blueprint import api
from server.web.access import public

SECURITY_SCHEMES: dict[str, Any] = {"bearer": {"type": "http", "scheme": "bearer"}}


@api.get("/openapi.json", doc_ui=False)
@public
def openapi() -> Response:
    app = current_app
    assert isinstance(app, OpenAPI)
    return jsonify(app.api_doc)
