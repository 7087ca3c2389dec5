from django.shortcuts import render
def index(r): return render(r, "a")
def spa(request, exception=None): return render(request, "index.html")
