package dev.stowage.benchmarks.scale;

import dev.stowage.Stowage;
import dev.stowage.benchmarks.scale.Scale.Figures;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.model.Chunk;
import dev.stowage.model.WorkerStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** Phases of commands and reports: of one thread, of several, and of other processes. Stateless. */
final class ReportRun {
  private static final int BATCHES = 15;
  private static final int CALLS = 200;
  private static final int WARM_UP_A_SECOND = 2_000;
  private static final int MOST_CALLS = 2_000;
  private static final int RATE = 2_000;
  private static final int NEW_CHUNKS = 100;
  private static final int MOST_OPEN = 2_048;
  private static final int THREADS = 8;
  private static final int OPEN = 16;
  private static final long SECOND = 1_000_000_000L;

  private ReportRun() {}

  /** Measures one report at a time: bytes and processor time of the caller's thread. */
  static Figures report(Run run) {
    Figures figures = new Figures();
    Crew crew = run.crew();
    reports(run, figures, "heartbeat", crew::heartbeatOf);
    reports(run, figures, "applied", crew::appliedBy);
    return figures;
  }

  private static void reports(
      Run run, Figures figures, String what, IntFunction<Command<?>> report) {
    boolean isCommitted = run.server().isPresent();
    int calls = isCommitted ? CALLS / 20 : CALLS;
    int warmUp = isCommitted ? calls : WARM_UP_A_SECOND * run.options().seconds();
    double[] bytes = new double[BATCHES];
    double[] micros = new double[BATCHES];
    double[] wall = new double[BATCHES];
    for (int call = 0; call < warmUp; call++) {
      run.stowage().execute(report.apply(call % run.crew().workers()), run.crew().now());
    }
    for (int batch = 0; batch < BATCHES; batch++) {
      long allocated = Meter.threadBytes();
      long busy = Meter.threadNanos();
      long begin = System.nanoTime();
      for (int call = 0; call < calls; call++) {
        run.stowage().execute(report.apply(call % run.crew().workers()), run.crew().now());
      }
      wall[batch] = (System.nanoTime() - begin) / 1e3 / calls;
      micros[batch] = (Meter.threadNanos() - busy) / 1e3 / calls;
      bytes[batch] = (double) (Meter.threadBytes() - allocated) / calls;
    }
    figures.add(
        "%s %,.0f bytes, processor %.1f us, wall %.1f us",
        what, Meter.median(bytes), Meter.median(micros), Meter.median(wall));
  }

  /**
   * Sends reports at a fixed rate beside a cycle a second with new chunks, first steadily, then
   * with a worker that is told to leave in every fourth second. The time of a report counts from
   * when it was due. On PostgreSQL reports are submitted, since one thread cannot wait for so many.
   */
  static Figures beside(Run run) throws InterruptedException {
    Figures figures = new Figures();
    besidePass(run, figures, "steady", false);
    besidePass(run, figures, "a worker leaves", true);
    return figures;
  }

  private static void besidePass(Run run, Figures figures, String name, boolean isLeaving)
      throws InterruptedException {
    int seconds = run.options().seconds();
    double[] millis = new double[RATE * seconds];
    double[] cycles = new double[seconds];
    long begin = System.nanoTime() + SECOND / 10;
    Thread reporter = new Thread(() -> sendReports(run, begin, millis), "reports");
    reporter.start();
    for (int second = 0; second < seconds; second++) {
      awaitNanos(begin + second * SECOND);
      if (isLeaving) {
        setStatus(run, second, WorkerStatus.LEAVING);
        setStatus(run, second - 2, WorkerStatus.ACTIVE);
      }
      run.crew().tick();
      run.crew().ingest(NEW_CHUNKS);
      cycles[second] = Meter.millis(run.crew()::schedule);
      run.crew().publish();
    }
    reporter.join();
    setStatus(run, (seconds - 1) / 4 * 4, WorkerStatus.ACTIVE);
    figures.add(
        "%s: p50 %.2f ms, p90 %.1f, p99 %.0f, p99.9 %.0f; cycle %.0f ms",
        name,
        Meter.median(millis),
        Meter.percentile(millis, 90),
        Meter.percentile(millis, 99),
        Meter.percentile(millis, 99.9),
        Meter.median(cycles));
  }

  private static void setStatus(Run run, int second, WorkerStatus status) {
    if (second >= 0 && second % 4 == 0) {
      int worker = second % run.crew().workers();
      run.stowage().setStatus(run.crew().worker(worker), status, run.crew().now());
    }
  }

  private static void sendReports(Run run, long begin, double[] millis) {
    Semaphore open = new Semaphore(MOST_OPEN);
    for (int at = 0; at < millis.length; at++) {
      long due = begin + at * SECOND / RATE;
      awaitNanos(due);
      int report = at;
      Command<?> command = run.crew().appliedBy(at % run.crew().workers());
      if (run.server().isEmpty()) {
        run.stowage().execute(command, run.crew().now());
        millis[at] = (System.nanoTime() - due) / 1e6;
      } else {
        submit(
            run,
            command,
            open,
            failed -> {
              millis[report] = failed ? Double.MAX_VALUE : (System.nanoTime() - due) / 1e6;
            });
      }
    }
    open.acquireUninterruptibly(MOST_OPEN);
  }

  private interface Answered {
    void take(boolean failed);
  }

  private static void submit(Run run, Command<?> command, Semaphore open, Answered answered) {
    open.acquireUninterruptibly();
    var unused =
        run.stowage()
            .submit(command, run.crew().now())
            .whenComplete((answer, failure) -> {
              answered.take(failure != null);
              open.release();
            });
  }

  private static void awaitNanos(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Runs heartbeats and ingests of five chunks by turns, called and submitted. */
  static Figures commands(Run run) throws InterruptedException {
    Figures figures = new Figures();
    AtomicInteger chunks = new AtomicInteger();
    commandPass(run, figures, "1 thread calls", 1, 0, chunks);
    int threads = threads(run);
    commandPass(run, figures, threads + " threads call", threads, 0, chunks);
    String submits = threads + " threads submit, " + OPEN + " open each";
    commandPass(run, figures, submits, threads, OPEN, chunks);
    run.crew().schedule();
    run.crew().show();
    return figures;
  }

  private static int threads(Run run) {
    return Math.min(THREADS, run.crew().workers());
  }

  /** Returns a worker for which only this thread reports. */
  private static int own(Run run, int thread, int threads, int number) {
    int owned = (run.crew().workers() - thread + threads - 1) / threads;
    return thread + threads * (number % owned);
  }

  private static void commandPass(
      Run run, Figures figures, String name, int threads, int open, AtomicInteger chunks)
      throws InterruptedException {
    long commits = run.store().commits();
    long begun = System.nanoTime();
    long end = begun + run.options().seconds() * SECOND / 3;
    double[] millis =
        inThreads(
            threads,
            thread -> {
              Times times = new Times();
              Semaphore room = new Semaphore(Math.max(1, open));
              for (int number = 0; number < MOST_CALLS && System.nanoTime() < end; number++) {
                int worker = own(run, thread, threads, number / 2);
                boolean isReport = number % 2 == 0;
                Command<?> command = isReport ? run.crew().heartbeatOf(worker) : fiveOf(chunks);
                long begin = System.nanoTime();
                if (open == 0) {
                  run.stowage().execute(command, run.crew().now());
                  times.add(begin);
                } else {
                  submit(run, command, room, failed -> times.add(begin));
                }
              }
              room.acquireUninterruptibly(Math.max(1, open));
              return times;
            });
    figures.add(
        "%s: %,.0f a second, p50 %.2f ms, p99 %.1f, %.3f commits each",
        name,
        millis.length / ((System.nanoTime() - begun) / 1e9),
        Meter.median(millis),
        Meter.percentile(millis, 99),
        (run.store().commits() - commits) / (double) millis.length);
  }

  private static Command.Ingest fiveOf(AtomicInteger chunks) {
    List<Chunk> batch = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      batch.add(Crew.chunk("commands", chunks.getAndIncrement()));
    }
    return new Command.Ingest(ProposedChunk.listOf(batch));
  }

  /** Milliseconds of calls; added by any thread. */
  private static final class Times {
    private double[] millis = new double[1_024];
    private int count;

    synchronized void add(long begin) {
      millis = count == millis.length ? Arrays.copyOf(millis, 2 * count) : millis;
      millis[count++] = (System.nanoTime() - begin) / 1e6;
    }

    synchronized double[] all() {
      return Arrays.copyOf(millis, count);
    }
  }

  private interface Work {
    Times in(int thread) throws SQLException;
  }

  /** Runs work in threads at once; returns the times of all, of one call at least. */
  private static double[] inThreads(int count, Work work) throws InterruptedException {
    List<Times> times = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      threads.add(
          new Thread(() -> {
            try {
              Times own = work.in(number);
              synchronized (times) {
                times.add(own);
              }
            } catch (RuntimeException | SQLException e) {
              synchronized (failures) {
                failures.add(e);
              }
            }
          }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("a thread failed", failures.get(0));
    }
    return times.stream().flatMapToDouble(each -> Arrays.stream(each.all())).toArray();
  }

  /**
   * Has up to eight threads of another process ingest one chunk a call, then report, and the leader
   * take all of it in; on PostgreSQL, beside as many clients that insert a bare row in each commit.
   */
  static Figures others(Run run) throws InterruptedException, SQLException {
    Figures figures = new Figures();
    long length = run.options().seconds() * SECOND / 2;
    try (Stowage other = run.other()) {
      double ingests =
          perSecond(
              run,
              length,
              thread ->
                  number ->
                      other.ingest(List.of(Crew.chunk("by-" + thread, number)), run.crew().now()));
      figures.add("%,.0f ingests/s", ingests);
      figures.add(
          "%,.0f reports/s",
          perSecond(
              run,
              length,
              thread ->
                  number ->
                      other.execute(
                          run.crew().heartbeatOf(own(run, thread, threads(run), number)),
                          run.crew().now())));
      if (run.server().isPresent()) {
        double bare = bareInserts(run, run.server().get(), length);
        figures.add("over bare one-row commits %.0f %% of %,.0f", 100 * ingests / bare, bare);
      }
    }
    figures.add("the leader takes it in %.2f s", Meter.seconds(run.crew()::schedule));
    run.crew().show();
    return figures;
  }

  private interface Call {
    void make(int number) throws SQLException;
  }

  private interface Caller {
    Call of(int thread) throws SQLException;
  }

  private static double perSecond(Run run, long nanos, Caller caller) throws InterruptedException {
    long begun = System.nanoTime();
    long end = begun + nanos;
    int calls =
        inThreads(
                threads(run),
                thread -> {
                  Times times = new Times();
                  Call call = caller.of(thread);
                  for (int number = 0; number < MOST_CALLS && System.nanoTime() < end; number++) {
                    long begin = System.nanoTime();
                    call.make(number);
                    times.add(begin);
                  }
                  return times;
                })
            .length;
    return calls / ((System.nanoTime() - begun) / 1e9);
  }

  private static double bareInserts(Run run, ScaleServer server, long nanos)
      throws InterruptedException, SQLException {
    server.execute(
        "DROP TABLE IF EXISTS bare; CREATE TABLE bare (dataset integer NOT NULL, id text COLLATE"
            + " \"C\" NOT NULL, first_block bigint NOT NULL, last_block bigint NOT NULL,"
            + " size_bytes bigint NOT NULL, PRIMARY KEY (dataset, id), UNIQUE (dataset,"
            + " first_block))");
    try (Connections connections = new Connections()) {
      return perSecond(
          run,
          nanos,
          thread -> {
            Connection connection = connections.add(server.source().getConnection());
            connection.setAutoCommit(false);
            PreparedStatement insert =
                connection.prepareStatement("INSERT INTO bare VALUES (?, ?, ?, ?, 1048576)");
            return number -> {
              insert.setInt(1, thread);
              insert.setString(2, "chunk-" + number);
              insert.setLong(3, 10L * number);
              insert.setLong(4, 10L * number + 9);
              insert.executeUpdate();
              connection.commit();
            };
          });
    }
  }

  /** Connections of threads, closed together. */
  private static final class Connections implements AutoCloseable {
    private final List<Connection> all = new ArrayList<>();

    synchronized Connection add(Connection opened) {
      all.add(opened);
      return opened;
    }

    @Override
    public synchronized void close() throws SQLException {
      for (Connection each : all) {
        each.close();
      }
    }
  }
}
