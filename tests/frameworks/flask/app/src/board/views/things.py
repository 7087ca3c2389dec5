from flask import Blueprint
from flask_restx import Api, Namespace, Resource

api = Blueprint("things", __name__)
rest = Api(api, doc="/doc/")
big = Namespace("big")
small = Namespace("small", path="/little")


@big.route("/", "/all")
class Big(Resource):
    def get(self):
        return []


@small.route("/<string:thing>")
class Small(Resource):
    def get(self, thing):
        return thing


rest.add_namespace(big)
rest.add_namespace(small)
