public class OrdersController : AcmeController
{
    [HttpGet("x")]
    public string X() => "x";
}
