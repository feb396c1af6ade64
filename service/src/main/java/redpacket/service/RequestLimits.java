package redpacket.service;

import io.javalin.config.JavalinConfig;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.handler.EagerContentHandler;

/**
 * Limits for a server that takes requests with a body. A body is read before a thread works on the request, so slow
 * clients occupy no threads. A larger body is answered with 413.
 *
 * @param bodyBytes of a request at most
 * @param connections at a time; further ones wait in the queue of the system
 */
public record RequestLimits(int bodyBytes, int connections) implements HttpServer.Part {
    /** What Jetty counts for each piece of a body, on top of its bytes. */
    private static final int FRAMING_BYTES = 16;

    @Override
    public void addTo(JavalinConfig config) {
        config.jetty.modifyServletContextHandler(context -> context.insertHandler(new EagerContentHandler(
                new EagerContentHandler.RetainedContentLoaderFactory(bodyBytes, FRAMING_BYTES, true))));
        config.jetty.modifyServer(server -> server.addBean(new NetworkConnectionLimit(connections, server)));
    }
}
