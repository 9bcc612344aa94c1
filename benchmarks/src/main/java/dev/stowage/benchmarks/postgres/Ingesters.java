package dev.stowage.benchmarks.postgres;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.model.Tick;
import dev.stowage.store.ChunkStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that each add one chunk a commit, and clients that each insert one bare row a commit. */
final class Ingesters {
  private static final int CLIENTS = 8;

  private final ScaleServer server;

  Ingesters(ScaleServer server) {
    this.server = server;
  }

  private interface Client {
    void commit(int number) throws Exception;
  }

  /** Returns the chunks accepted a second, each by a separate commit; each client has a dataset. */
  double chunksPerSecond(ChunkStore store, String round, int commits) throws Exception {
    return perSecond(
        commits,
        client -> {
          String dataset = round + "-" + client;
          return number -> {
            var chunk = ProposedChunk.listOf(List.of(ScaleCrew.chunk(dataset, number)));
            boolean isAccepted =
                store.inbox().submit(new Command.Ingest(chunk), Tick.of(1)).isAccepted();
            if (!isAccepted) {
              throw new IllegalStateException("a chunk was refused");
            }
          };
        });
  }

  /** Returns the rows inserted a second, each by a separate commit, with the chunks' keys. */
  double rowsPerSecond(int commits) throws Exception {
    server.execute(
        "DROP TABLE IF EXISTS bare_chunk; CREATE TABLE bare_chunk (dataset integer NOT NULL, id"
            + " text COLLATE \"C\" NOT NULL, first_block bigint NOT NULL, last_block bigint NOT"
            + " NULL, size_bytes bigint NOT NULL, PRIMARY KEY (dataset, id), UNIQUE (dataset,"
            + " first_block))");
    List<Connection> connections = new ArrayList<>();
    try {
      return perSecond(
          commits,
          client -> {
            Connection connection = server.source().getConnection();
            connections.add(connection);
            connection.setAutoCommit(false);
            PreparedStatement insert =
                connection.prepareStatement("INSERT INTO bare_chunk VALUES (?, ?, ?, ?, ?)");
            return number -> {
              insert.setInt(1, client);
              insert.setString(2, "chunk-" + number);
              insert.setLong(3, 10L * number);
              insert.setLong(4, 10L * number + 9);
              insert.setLong(5, 1 << 20);
              insert.executeUpdate();
              connection.commit();
            };
          });
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  private interface Maker {
    Client client(int number) throws Exception;
  }

  private static double perSecond(int commits, Maker maker) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Callable<Boolean>> runs = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Client client = maker.client(i);
        runs.add(() -> {
          start.await();
          for (int number = 0; number < commits; number++) {
            client.commit(number);
          }
          return true;
        });
      }
      List<Future<Boolean>> running = new ArrayList<>();
      runs.forEach(run -> running.add(pool.submit(run)));
      long begin = System.nanoTime();
      start.countDown();
      for (Future<Boolean> run : running) {
        run.get();
      }
      return CLIENTS * (double) commits / ((System.nanoTime() - begin) / 1e9);
    } finally {
      pool.shutdownNow();
    }
  }
}
