public interface IEndpoint { void Map(IEndpointRouteBuilder routes); }

public class Orders : IEndpoint
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/orders", () => "orders");
}
