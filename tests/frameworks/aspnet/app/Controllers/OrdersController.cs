using Microsoft.AspNetCore.Mvc;

namespace Shop.Controllers;

[Route("api/[controller]")]
public class OrdersController : BaseController
{
    [HttpGet]
    public string All() => "all";

    [HttpGet("{id:int}")]
    public string One(int id) => "one";

    [HttpPost("{id:int}/[action]")]
    public string Cancel(int id) => "cancelled";

    [HttpGet("/orders-of/{customer}")]
    public string Of(string customer) => customer;

    [HttpGet("~/latest")]
    public string Latest() => "latest";
}
