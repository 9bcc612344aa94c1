package example;

import com.sun.net.httpserver.HttpServer;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.PortalClient.Sight;
import dev.stowage.client.PortalClient;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/** A portal: {@code /read/DATASET/BLOCK} answers with the chunk that covers the block. */
public final class PortalNode {
  /** The zone of this portal, a path such as {@code eu/hall-b}; the example has none. */
  private static final String ZONE = "";

  private PortalNode() {}

  /** Takes a port and the addresses of the control planes. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> planes = List.of(args).subList(1, args.length);
    PortalId id = PortalId.of("localhost:" + args[0]);
    ClientConfig config = ClientConfig.DEFAULT.withTimeout(2_000_000_000L);
    PortalClient client = new PortalClient("example", id, Peers.planes(planes), config);
    Semaphore news = new Semaphore(0);
    client.waking(news::release);
    HttpServer http = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 100);
    http.createContext(
        "/read/",
        exchange -> {
          try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/");
            long now = System.nanoTime();
            Sight sight = client.at(DatasetId.of(path[2]), Long.parseLong(path[3]), now);
            byte[] found = sight instanceof Sight.Found at ? read(client, at.route()) : null;
            int code = found != null ? 200 : sight instanceof Sight.Nothing ? 404 : 503;
            byte[] body = found != null ? found : sight.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    http.start();
    Peers.run(client::turn, news);
  }

  /** Asks one worker after the other, in the order that spreads reads. */
  private static byte[] read(PortalClient client, Route route) {
    for (WorkerId worker : client.workersFor(route, ZONE)) {
      try {
        return Calls.get("http://" + worker + "/" + route.number() + ".chunk").join();
      } catch (CompletionException unreachable) {
        // the next one has the chunk as well
      }
    }
    return null;
  }
}
