package a;
import io.prometheus.client.exporter.HTTPServer;
class Metrics { static void p() { new HTTPServer(9); } }
