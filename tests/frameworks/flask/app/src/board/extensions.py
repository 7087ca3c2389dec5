from flask_restful import Api, Resource

rest = Api(prefix="/rest")


class Books(Resource):
    def get(self):
        return []


class Book(Resource):
    def get(self, book):
        return {}

    def delete(self, book):
        return {}


rest.add_resource(Books, "/books", "/library/")
rest.add_resource(Book, "/books/<int:book>", endpoint="book")
