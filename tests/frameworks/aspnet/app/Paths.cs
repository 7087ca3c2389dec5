namespace Shop;

public static class Paths
{
    public const string Api = "/api/v1";
}
