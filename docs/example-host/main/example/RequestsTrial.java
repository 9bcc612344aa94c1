package example;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/**
 * Asks a control plane everything that it answers and some things that it does not. Prints each
 * answer with another status, or without the expected text. Exits with 1 if there was one.
 */
public final class RequestsTrial {
  private final HttpClient http = HttpClient.newHttpClient();
  private final LocalFleet fleet;
  private int leader;
  private int worse;

  private RequestsTrial(LocalFleet fleet) {
    this.fleet = fleet;
  }

  /** Takes the address of a database, and the name of a schema to be created. */
  public static void main(String[] args) throws Exception {
    int worse;
    try (LocalFleet fleet = new LocalFleet(args[0], args[1], 20_000)) {
      worse = new RequestsTrial(fleet).run();
    }
    System.exit(worse == 0 ? 0 : 1);
  }

  private int run() throws Exception {
    fleet.startPlane(0);
    fleet.startPlane(1);
    int port = LocalFleet.port();
    fleet.startWorker(port, "zone-0", 1L << 30);
    fleet.startWorker(LocalFleet.port(), "zone-1", 1L << 30);
    fleet.startPortal();
    leader = fleet.awaitLeader(-1, Duration.ofMinutes(2));
    String worker = "localhost:" + port;
    String chunk = "dataset=d&chunk=c0";
    expect(200, "ACCEPTED", "POST", "/ingest", chunk + "&first=0&last=9&bytes=20000");
    expect(200, "DUPLICATE", "POST", "/ingest", chunk + "&first=0&last=9&bytes=20000");
    expect(409, "OVERLAP", "POST", "/ingest", "dataset=d&chunk=c1&first=5&last=9&bytes=1");
    expect(400, "bytes", "POST", "/ingest", "dataset=d&chunk=c2&first=10&last=19");
    expect(400, "'ten'", "POST", "/ingest", "dataset=d&chunk=c2&first=ten&last=19&bytes=1");
    expect(405, "POST", "GET", "/ingest", chunk);
    expect(404, "no such path", "GET", "/nothing", "");
    expect(200, "d/c0", "GET", "/chunk", chunk);
    expect(404, "d/c9", "GET", "/chunk", "dataset=d&chunk=c9");
    while (fleet.read(0) != 200) {
      LocalFleet.pause(100);
    }
    expect(200, "VISIBLE", "GET", "/chunk", chunk);
    expect(200, "LEADING", "GET", "/health", "");
    expect(200, "\"chunks\": 1", "GET", "/fleet", "");
    expect(200, worker, "GET", "/workers", "");
    expect(200, "bytes.to.go floor", "GET", "/progress", "");
    expect(404, "UNKNOWN_WORKER", "POST", "/leave", "worker=nobody");
    expect(200, "ACCEPTED", "POST", "/leave", "worker=" + worker);
    expect(200, "\"safe\": false", "GET", "/leaving", "workers=" + worker);
    expect(404, "nobody", "GET", "/leaving", "workers=nobody");
    expect(200, "leaving " + worker, "GET", "/progress", "");
    expect(200, "ACCEPTED", "POST", "/stay", "worker=" + worker);
    expect(404, "nobody", "POST", "/gone", "workers=nobody");
    expect(200, "stowage_leading 1.0", "GET", "/metrics", "");
    expect(200, "<td>" + worker + "</td>", "GET", "/", "");
    leader = 1 - leader;
    expect(503, "holds the lease", "GET", "/fleet", "");
    expect(200, "This control plane follows", "GET", "/", "");
    return worse;
  }

  private void expect(int code, String text, String method, String path, String parameters)
      throws IOException, InterruptedException {
    String uri = fleet.planeUri(leader) + path;
    HttpRequest.Builder request =
        method.equals("GET")
            ? HttpRequest.newBuilder(URI.create(uri + "?" + parameters))
            : HttpRequest.newBuilder(URI.create(uri))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(parameters));
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() != code || !answer.body().contains(text)) {
      worse++;
      System.out.println(
          Map.of(method + " " + path + " " + parameters, answer.statusCode())
              + " instead of "
              + code
              + " with "
              + text
              + ": "
              + answer.body());
    }
  }
}
