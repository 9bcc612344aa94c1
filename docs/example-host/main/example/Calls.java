package example;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Calls of a peer by the JDK's HTTP client; one that does not end in status 200 fails. */
final class Calls {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  private Calls() {}

  static CompletableFuture<byte[]> get(String address) {
    return ask(HttpRequest.newBuilder(URI.create(address)));
  }

  /** Asks one address after the other until one answers. */
  static CompletableFuture<byte[]> getFirst(List<String> addresses, String path) {
    CompletableFuture<byte[]> got = get(addresses.get(0) + path);
    for (String each : addresses.subList(1, addresses.size())) {
      got = got.exceptionallyCompose(failed -> get(each + path));
    }
    return got;
  }

  static CompletableFuture<byte[]> post(String address, String body) {
    return post(address, body.getBytes(StandardCharsets.UTF_8));
  }

  static CompletableFuture<byte[]> post(String address, byte[] body) {
    return ask(HttpRequest.newBuilder(URI.create(address)).POST(BodyPublishers.ofByteArray(body)));
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
}
