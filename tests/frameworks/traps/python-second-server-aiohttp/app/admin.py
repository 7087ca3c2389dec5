import aiohttp
w = aiohttp.web.Application()
