package example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The JDK's HTTP server with routes. What changes something is a POST, everything else a GET; a
 * path that no route has is 404, another method 405, a bad parameter 400.
 */
final class Http {
  private static final int THREADS = 16;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final HttpServer server;
  private final Map<String, Map<String, Handler>> routes = new HashMap<>();
  private final AtomicInteger busy = new AtomicInteger();

  /** Answers a request. */
  interface Handler {
    Answer to(Request request);
  }

  /** A status, a type and a body, which may come later. */
  record Answer(int code, String type, CompletionStage<byte[]> body) {
    static Answer of(String type, byte[] body) {
      return new Answer(200, type, CompletableFuture.completedFuture(body));
    }

    static Answer later(CompletionStage<byte[]> body) {
      return new Answer(200, "application/octet-stream", body);
    }

    static Answer json(int code, Object value) {
      byte[] body = (Json.of(value) + "\n").getBytes(StandardCharsets.UTF_8);
      return new Answer(code, "application/json", CompletableFuture.completedFuture(body));
    }

    static Answer json(Object value) {
      return json(200, value);
    }

    static Answer text(String type, String text) {
      return of(type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer bytes(byte[] body) {
      return of("application/octet-stream", body);
    }
  }

  /** Ends a request with a status other than 200. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int code;

    Refused(int code, String message) {
      super(message);
      this.code = code;
    }
  }

  /** The parameters of a request, from its query or its form, and its body. */
  record Request(Map<String, String> parameters, byte[] body) {
    String text(String name) {
      String value = parameters.get(name);
      if (value == null || value.isEmpty()) {
        throw new Refused(400, "parameter " + name + " is missing");
      }
      return value;
    }

    long number(String name) {
      try {
        return Long.parseLong(text(name));
      } catch (NumberFormatException bad) {
        throw new Refused(
            400, "parameter " + name + " is '" + text(name) + "', not a whole number");
      }
    }

    List<String> list(String name) {
      return Arrays.asList(text(name).split(","));
    }
  }

  Http(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(port), 100);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
  }

  Http get(String path, Handler handler) {
    routes.computeIfAbsent(path, any -> new HashMap<>()).put("GET", handler);
    return this;
  }

  Http post(String path, Handler handler) {
    routes.computeIfAbsent(path, any -> new HashMap<>()).put("POST", handler);
    return this;
  }

  Executor threads() {
    return threads;
  }

  void start() {
    server.start();
  }

  /** Returns the share of the threads that answer a request. */
  double load() {
    return (double) busy.get() / THREADS;
  }

  private void serve(HttpExchange exchange) throws IOException {
    busy.incrementAndGet();
    try {
      Answer answer = answer(exchange);
      answer.body.whenComplete((body, failure) -> write(exchange, answer, body));
    } finally {
      busy.decrementAndGet();
    }
  }

  /** Writes an answer, on the thread that made it; without a body it is 503. */
  private static void write(HttpExchange exchange, Answer answer, byte[] body) {
    try (exchange) {
      int length = body == null ? 0 : body.length;
      exchange.getResponseHeaders().set("Content-Type", answer.type);
      exchange.sendResponseHeaders(body == null ? 503 : answer.code, length == 0 ? -1 : length);
      if (length > 0) {
        exchange.getResponseBody().write(body);
      }
    } catch (IOException gone) {
      // who asked is gone, or asks again
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    try {
      Map<String, Handler> methods = routes.get(exchange.getRequestURI().getPath());
      if (methods == null) {
        throw new Refused(404, "no such path; known are " + new TreeSet<>(routes.keySet()));
      }
      Handler handler = methods.get(exchange.getRequestMethod());
      if (handler == null) {
        throw new Refused(405, "this path accepts " + String.join(", ", methods.keySet()));
      }
      return handler.to(new Request(parameters(exchange, body), body));
    } catch (Refused refused) {
      return Answer.json(refused.code, Map.of("error", refused.getMessage()));
    } catch (IllegalArgumentException bad) {
      return Answer.json(400, Map.of("error", String.valueOf(bad.getMessage())));
    } catch (RuntimeException unavailable) { // another process leads, or the store is away
      return Answer.json(503, Map.of("error", String.valueOf(unavailable.getMessage())));
    }
  }

  private static Map<String, String> parameters(HttpExchange exchange, byte[] body) {
    Map<String, String> found = new HashMap<>();
    String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
    if (type.startsWith("application/x-www-form-urlencoded")) {
      decode(new String(body, StandardCharsets.UTF_8), found);
    }
    decode(exchange.getRequestURI().getRawQuery(), found);
    return found;
  }

  private static void decode(String pairs, Map<String, String> into) {
    for (String each : pairs == null || pairs.isEmpty() ? new String[0] : pairs.split("&")) {
      String[] pair = each.split("=", 2);
      String value = pair.length == 2 ? URLDecoder.decode(pair[1], StandardCharsets.UTF_8) : "";
      into.put(pair[0], value);
    }
  }
}
