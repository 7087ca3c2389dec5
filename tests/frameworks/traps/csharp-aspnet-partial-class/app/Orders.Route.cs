[Route("orders")]
public partial class OrdersController
{
}
