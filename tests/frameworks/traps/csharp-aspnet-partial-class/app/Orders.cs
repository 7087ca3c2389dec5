public partial class OrdersController : ControllerBase
{
    [HttpGet("x")]
    public string X() => "x";
}
