package redpacket.service;

import java.io.IOException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers with JSON if Jetty refuses a request before any path is matched. By default Jetty sends an HTML page. */
final class JsonErrorHandler extends ErrorHandler {
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback)
            throws IOException {
        HttpServer.HEADERS.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        String body = HttpServer.JSON.writeValueAsString(HttpServer.errorOf(sentence(code, message)));
        Content.Sink.write(response, true, body, callback);
    }

    private static String sentence(int code, String message) {
        return switch (code) {
            case HttpStatus.BAD_REQUEST_400 -> "The request is malformed: " + detail(message);
            case HttpStatus.URI_TOO_LONG_414 -> "The path and the query are too long: at most 8 kB are accepted.";
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
                "The headers are too long: at most 8 kB are accepted.";
            case HttpStatus.PAYLOAD_TOO_LARGE_413 -> "The body of the request is too large.";
            default -> message == null ? HttpStatus.getMessage(code) : message;
        };
    }

    /** Jetty gives no message of its own for a path with an invalid character or escape. */
    private static String detail(String message) {
        boolean isGiven = message != null && !message.equals(HttpStatus.getMessage(HttpStatus.BAD_REQUEST_400));
        return isGiven ? message : "the path has an invalid character or escape";
    }
}
