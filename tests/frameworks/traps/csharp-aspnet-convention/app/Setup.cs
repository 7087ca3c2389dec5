public static class Setup
{
    public static void Add(IServiceCollection services) =>
        services.AddControllers(options => options.Conventions.Add(new PrefixConvention("api")));
}
