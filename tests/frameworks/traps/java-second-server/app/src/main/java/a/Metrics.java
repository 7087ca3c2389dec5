package a;
import fi.iki.elonen.NanoHTTPD;
class Metrics extends NanoHTTPD { }
