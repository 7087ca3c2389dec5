namespace Shop.Endpoints;

public static class StockEndpoints
{
    private const string Sku = "/{sku}";

    public static void MapStock(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Sku, (string sku) => sku);
        routes.MapPut($"{Sku}/count", (string sku) => sku);
    }
}
