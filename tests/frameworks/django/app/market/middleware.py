def stamp(get_response):
    def middleware(request):
        response = get_response(request)
        response["x-market"] = "1"
        return response

    return middleware
