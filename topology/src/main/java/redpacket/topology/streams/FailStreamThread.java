package redpacket.topology.streams;

import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Lets every failure of a processor fail its stream thread. A new thread then continues from the last commit. The
 * failed thread must never resume, because that would commit a half-decided grab. {@link RedPacketApplication} logs the
 * failure once.
 */
public final class FailStreamThread implements ProcessingExceptionHandler {
    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        return Response.fail();
    }

    @Override
    public void configure(Map<String, ?> configs) {}
}
