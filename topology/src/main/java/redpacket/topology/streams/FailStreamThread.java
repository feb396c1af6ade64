package redpacket.topology.streams;

import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Lets every failure of a processor fail its stream thread, which is then replaced and goes on from the last commit; never
 * resumes, as that would commit over a half-decided grab. {@link RedPacketApplication} tells the log, once.
 */
public final class FailStreamThread implements ProcessingExceptionHandler {
    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        return Response.fail();
    }

    @Override
    public void configure(Map<String, ?> configs) {}
}
