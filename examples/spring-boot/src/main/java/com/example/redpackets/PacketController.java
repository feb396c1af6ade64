package com.example.redpackets;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.producer.PacketClient;
import redpacket.producer.TooManyQuestionsException;
import redpacket.producer.UnknownAnswerException;

/** A service behind a login would take the sender and the user from it, and not from the body. */
@RestController
class PacketController {
    private final PacketClient client;
    private final Payments payments;

    PacketController(PacketClient client, Payments payments) {
        this.client = client;
        this.payments = payments;
    }

    record GrabRequest(String grabId, String userId) {}

    /** Takes an open command, and answers with the event. */
    @PostMapping("/packets")
    CompletableFuture<ResponseEntity<byte[]>> open(@RequestBody byte[] command) {
        return client.open(Json.readOpen(command)).thenApply(answer -> json(status(answer), Json.write(answer)));
    }

    private static HttpStatus status(PacketEvent.Answer answer) {
        return answer instanceof PacketEvent.Opened ? HttpStatus.CREATED : HttpStatus.CONFLICT;
    }

    /** Answers with the result, whatever its outcome. */
    @PostMapping("/packets/{packetId}/grabs")
    CompletableFuture<ResponseEntity<byte[]>> grab(@PathVariable String packetId, @RequestBody GrabRequest request) {
        return client.grab(new Grab(request.grabId(), packetId, request.userId()))
                .thenApply(award -> json(HttpStatus.OK, Json.write(award)));
    }

    /** What a user has won, as far as it is paid. */
    @GetMapping("/users/{userId}/cents")
    long cents(@PathVariable String userId) {
        return payments.centsOf(userId);
    }

    private static ResponseEntity<byte[]> json(HttpStatus status, byte[] event) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(event);
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> invalid(InvalidEventException e) {
        return ResponseEntity.badRequest().body(Map.of("error", e.getMessage()));
    }

    /** The client of this service sends the same ids again, and gets the same answer. */
    @ExceptionHandler({UnknownAnswerException.class, TooManyQuestionsException.class})
    ResponseEntity<Map<String, String>> unanswered(RuntimeException e) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(Map.of("error", e.getMessage()));
    }
}
