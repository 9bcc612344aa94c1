package example;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A link of limited width, over which one chunk passes after the other. Thread-safe. */
public final class Link {
  private final long bytesPerSecond;
  private final AtomicLong passed = new AtomicLong();
  private long freeAtNanos = System.nanoTime();

  /** Takes the bytes that pass in a second; {@link Long#MAX_VALUE} for no bound. */
  public Link(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Returns the bytes when the last of them is through. */
  synchronized CompletableFuture<byte[]> pass(byte[] bytes) {
    long now = System.nanoTime();
    double seconds = (double) bytes.length / bytesPerSecond;
    freeAtNanos = Math.max(freeAtNanos, now) + (long) (seconds * 1e9);
    passed.addAndGet(bytes.length);
    return new CompletableFuture<byte[]>()
        .completeOnTimeout(bytes, freeAtNanos - now, TimeUnit.NANOSECONDS);
  }

  /** Answers a request with the number of bytes that passed. */
  void tell(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(passed.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
