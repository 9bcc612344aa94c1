package example;

import dev.stowage.client.Transport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/** Holds what workers and portals have in common: the JDK's HTTP client, and a loop. */
final class Peers {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  private Peers() {}

  /** Returns a transport to control planes at these addresses. */
  static Transport planes(List<String> addresses) {
    return (request, route) -> {
      URI uri = URI.create(addresses.get(route % addresses.size()) + "/client");
      return ask(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofByteArray(request)));
    };
  }

  static CompletableFuture<byte[]> get(String address) {
    return ask(HttpRequest.newBuilder(URI.create(address)));
  }

  private static CompletableFuture<byte[]> ask(HttpRequest.Builder request) {
    HttpRequest built = request.timeout(Duration.ofSeconds(2)).build();
    return HTTP.sendAsync(built, BodyHandlers.ofByteArray())
        .thenApply(answer -> {
          if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                "the peer answered with HTTP status " + answer.statusCode());
          }
          return answer.body();
        });
  }

  /** Takes turns of a client for ever, as often as it asks for. */
  static void run(LongUnaryOperator turn) throws InterruptedException {
    while (true) {
      TimeUnit.NANOSECONDS.sleep(turn.applyAsLong(System.nanoTime()));
    }
  }
}
