package example;

import com.sun.net.httpserver.HttpServer;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientMemory;
import dev.stowage.client.Download;
import dev.stowage.client.WorkerClient;
import dev.stowage.client.WorkerDisk;
import dev.stowage.evidence.files.WholeFile;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * A worker that keeps chunks as files of a folder, and serves them. It fetches a chunk from the
 * worker that its transfer names, and from the archive where nobody has it. Its name is its
 * address. Its link, which the archive does not use, may be of limited width.
 */
record WorkerNode(Path folder, List<String> archives, Link link) implements WorkerDisk {
  /**
   * Takes a port, a folder, a zone, a capacity in bytes, the bytes that its link receives in a
   * second, {@code none} for no bound, and the addresses of the control planes.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of(args[1]));
    List<String> planes = List.of(args).subList(5, args.length);
    long width = args[4].equals("none") ? Worker.UNBOUNDED : Long.parseLong(args[4]);
    Link link = new Link(width);
    Reads reads = new Reads();
    HttpServer http = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 100);
    http.createContext(
        "/",
        exchange -> {
          try (exchange) {
            Path file = folder.resolve(Path.of(exchange.getRequestURI().getPath()).getFileName());
            exchange.sendResponseHeaders(Files.exists(file) ? 200 : 404, 0);
            Files.copy(file, exchange.getResponseBody());
            reads.count();
          }
        });
    http.createContext("/passed", link::tell);
    http.start();
    WorkerNode node = new WorkerNode(folder, planes, link);
    WorkerId id = WorkerId.of("localhost:" + args[0]);
    Worker worker =
        Worker.of(id, Long.parseLong(args[3]))
            .withZone(args[2])
            .withDownlink(width);
    ClientMemory memory = ClientMemory.at(folder.resolve("memory"));
    ClientConfig config = ClientConfig.DEFAULT.withTimeout(2_000_000_000L);
    WorkerClient client =
        new WorkerClient("example", worker, Peers.planes(planes), node, memory, config)
            .withPressure(reads::pressure);
    Semaphore news = new Semaphore(0);
    Peers.run(client.waking(news::release)::turn, news);
  }

  @Override
  public List<Held> held() throws IOException {
    List<Held> held = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".chunk")).toList()) {
        String number = file.getFileName().toString().replace(".chunk", "");
        held.add(new Held(ChunkNumber.of(number), Files.size(file)));
      }
    }
    return held;
  }

  @Override
  public void delete(ChunkNumber number) throws IOException {
    Files.deleteIfExists(folder.resolve(number + ".chunk"));
  }

  @Override
  public CompletionStage<?> fetch(Download download) {
    SliceEntry entry = download.entry();
    String chunk = entry.number() + ".chunk";
    String origin = "/origin?chunk=" + entry.key().id() + "&bytes=" + entry.sizeBytes();
    return (download.sources().isEmpty()
            ? Calls.getFirst(archives, origin)
            : Calls.get("http://" + download.sources().get(0) + "/" + chunk)
                .thenCompose(link::pass))
        .thenAccept(got -> keep(folder.resolve(chunk), got));
  }

  private static void keep(Path file, byte[] bytes) {
    try {
      WholeFile.write(file, bytes);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
