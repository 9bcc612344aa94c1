package dev.stowage.client;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.StowageService;
import dev.stowage.TimeBorder;
import dev.stowage.Transfers;
import dev.stowage.client.HeldQuestions.Reply;
import dev.stowage.client.transfers.TransferDoor;
import dev.stowage.client.transfers.TransferWire;
import dev.stowage.columns.ForeignText;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.DocumentForm;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.shape.Shape;
import dev.stowage.store.Aged;
import dev.stowage.store.AgedReader;
import dev.stowage.store.FleetView;
import dev.stowage.store.StorageException;
import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a fleet's clients in a process of the control plane, bytes in and out. A leader answers
 * by its state. Any other process writes reports to the store's inbox, and reads slices and routes
 * by the {@link dev.stowage.store.AgedReader} of the store; routes are valid for less time, by
 * their age. Only a leader has transfers. Thread-safe.
 */
public final class ClientDoor {
  private final Stowage stowage;
  private final String fleet;
  private final Shape<Wire.ToldRoutes> toldRoutes =
      Wire.ToldRoutes.with(DocumentForm.ROUTES.remembering());
  private volatile @Nullable TransferDoor transfers;
  private volatile @Nullable NewsDoor news;
  private volatile SoftReference<Told> told = new SoftReference<>(null);

  // The last routes read from the store: equal ones are written once.
  private volatile SoftReference<RoutesDocument> stored = new SoftReference<>(null);

  // The answer to the last question for routes, kept since most portals ask the same one.
  private record Told(
      PortalAssignment newest,
      Lineage lineage,
      Optional<PortalAssignmentId> known,
      List<DatasetId> datasets,
      RoutesDocument routes) {
    @SuppressWarnings("ReferenceEquality")
    boolean answers(Wire.AskRoutes question, PortalAssignment present) {
      return newest == present
          && lineage.equals(question.lineage())
          && known.equals(question.known())
          && datasets.equals(question.datasets());
    }
  }

  /** The cause of a refusal. */
  public enum Refusal {
    /** Not a request, or damaged. */
    MALFORMED,
    /** The request has another version, or a kind that the door does not know. */
    UNSUPPORTED,
    /** For another fleet. */
    FOREIGN_FLEET,
    /** Only a leader answers this, which this process is not; or it has ended. */
    NOT_LEADING,
    /**
     * The store failed, its content is inconsistent or too old, or a relay has no routes to pass
     * on.
     */
    UNAVAILABLE
  }

  private ClientDoor(Stowage stowage, String fleet) {
    this.stowage = Objects.requireNonNull(stowage, "stowage");
    this.fleet = Objects.requireNonNull(fleet, "fleet");
    if (fleet.isEmpty() || fleet.length() > Command.Bounds.NAME_CHARACTERS) {
      throw new IllegalArgumentException(
          "fleet has "
              + fleet.length()
              + " characters; 1 to "
              + Command.Bounds.NAME_CHARACTERS
              + " are accepted");
    }
  }

  /**
   * Creates a door to a fleet whose name is equal in all its processes; throws {@link
   * IllegalArgumentException} if it is empty or too long.
   */
  public static ClientDoor of(Stowage stowage, String fleet) {
    return new ClientDoor(stowage, fleet);
  }

  /** Returns the slice in an answer; empty if the answer has none. For tests that watch a wire. */
  public static Optional<SliceDocument> sliceOf(byte[] answer) {
    Envelope envelope = Envelope.open(answer);
    return envelope.name().equals(Wire.ToldSlice.SHAPE.name())
        ? envelope.read(Wire.ToldSlice.SHAPE).slice()
        : Optional.empty();
  }

  /**
   * Hands a service's transfers, which must be its first and of its facade, to the workers that
   * ask, and returns this. A worker silent for half a minute fails its transfers; of a time in
   * which no worker asks, 20 seconds count.
   */
  public ClientDoor transferring(StowageService service, Transfers of) {
    TransferDoor door = new TransferDoor(service, of);
    of.send(service, door);
    transfers = door;
    return this;
  }

  /**
   * Makes {@link #ask} hold questions for slices and routes until there is news, and returns this.
   * While the process leads, it registers who asks with {@code of}, whose courier it becomes at the
   * facade's service; otherwise it asks the store again when {@link Stowage#onAssignment} says so.
   * Answers that were held are made by {@code executor}, which must not wait for turns. Throws as
   * {@link Propagation#send}, and {@link IllegalArgumentException} for a bound below 0.
   *
   * @param most how many recipients it tells, and questions it holds; others are answered at once
   */
  public ClientDoor holding(
      StowageService service, AssignmentPropagation of, int most, Executor executor) {
    if (most < 0) {
      throw new IllegalArgumentException("most is " + most + "; at least 0 is accepted");
    }
    HeldQuestions questions = new HeldQuestions(most, Objects.requireNonNull(executor, "executor"));
    NewsDoor door = new NewsDoor(stowage, service, of, most, questions);
    Propagation.send(of, service, door);
    AutoCloseable unused =
        stowage.onAssignment(() -> {
          if (!stowage.isLeading()) {
            questions.look();
          }
        });
    news = door;
    return this;
  }

  /**
   * Answers as {@link #answer}, but a question that asks to wait and would be told nothing new only
   * once there is news or its wait is over: in a {@link #holding} door, whose service and lease are
   * not lost meanwhile. Holding takes no thread, and neither does a command that waits for a leader
   * elsewhere, if the facade has an executor. The stage fails if the executor refuses.
   */
  public CompletionStage<byte[]> ask(byte[] request, long nowNanos) {
    if (!stowage.isLeading() && stowage.takesSubmissions()) {
      Optional<CompletionStage<byte[]>> sent = submitted(request, nowNanos);
      if (sent.isPresent()) {
        return sent.get();
      }
    }
    NewsDoor door = news;
    Wire.Question question = door == null ? null : question(request, fleet);
    if (door == null || question == null) {
      return CompletableFuture.completedFuture(answer(request, nowNanos));
    }
    Supplier<Reply> reply = () -> reply(request, fleet, it -> reply(it, nowNanos));
    // A lease that ran out may be renewed: what its holder holds is told by its turns all the same.
    return stowage.isLeading()
        ? door.ask(question, formatOf(request), reply)
        : door.held.ask(question, formatOf(request), reply);
  }

  /** Submits the command of a request; empty for other requests, and for those that are refused. */
  private Optional<CompletionStage<byte[]>> submitted(byte[] request, long nowNanos) {
    try {
      Envelope envelope = Envelope.open(request);
      return envelope.fleet().equals(fleet)
          ? Wire.command(envelope.name()).map(kind -> submitted(kind, envelope, nowNanos))
          : Optional.empty();
    } catch (DocumentException | IllegalArgumentException | StowageException refused) {
      return Optional.empty();
    }
  }

  private <C extends Command<R>, R extends Result> CompletionStage<byte[]> submitted(
      CommandKind<C, R> kind, Envelope request, long nowNanos) {
    return stowage
        .submit(request.read(kind.shape()), nowNanos)
        .handle((answer, failure) ->
            reply(
                    request.format(),
                    fleet,
                    () -> {
                      if (failure instanceof RuntimeException thrown) {
                        throw thrown;
                      }
                      return seal(request, Wire.Answered.SHAPE, told(answer), false);
                    })
                .bytes());
  }

  /** Returns the question of a request that asks to wait; null without one. */
  static Wire.@Nullable Question question(byte[] request, String fleet) {
    try {
      Envelope envelope = Envelope.open(request);
      Wire.Question question = Wire.Question.of(envelope).orElse(null);
      boolean isWaiting = question != null && question.waitNanos() > 0;
      return isWaiting && envelope.fleet().equals(fleet) ? question : null;
    } catch (DocumentException | IllegalArgumentException refused) {
      return null;
    }
  }

  /**
   * Answers a request at the facade's host time; never throws for the request's content. A command
   * waits for its commit, but a leader's slices and routes wait for nothing: they need a thread
   * that commands do not take.
   */
  public byte[] answer(byte[] request, long nowNanos) {
    return reply(request, fleet, envelope -> reply(envelope, nowNanos)).bytes();
  }

  static DocumentFormat formatOf(byte[] request) {
    return request.length > 0 && request[0] == '{' ? DocumentFormat.JSON : DocumentFormat.BINARY;
  }

  /** Answers a request that {@code by} serves, or says why none is served. */
  static Reply reply(byte[] request, String fleet, Function<Envelope, Reply> by) {
    DocumentFormat format = formatOf(request);
    return reply(
        format,
        fleet,
        () -> {
          Envelope envelope = Envelope.open(request);
          if (envelope.fleet().equals(fleet)) {
            return by.apply(envelope);
          }
          String reason =
              "the request names fleet "
                  + ForeignText.quoted(envelope.fleet())
                  + "; this is "
                  + fleet;
          return refused(format, fleet, Refusal.FOREIGN_FLEET, reason);
        });
  }

  private static Reply reply(DocumentFormat format, String fleet, Supplier<Reply> by) {
    try {
      return by.get();
    } catch (DocumentException.Unsupported unsupported) {
      return refused(format, fleet, Refusal.UNSUPPORTED, unsupported.getMessage());
    } catch (DocumentException | IllegalArgumentException malformed) {
      return refused(format, fleet, Refusal.MALFORMED, malformed.getMessage());
    } catch (StorageException.Fenced | StowageException notLeading) {
      return refused(format, fleet, Refusal.NOT_LEADING, notLeading.getMessage());
    } catch (StorageException failed) {
      return refused(format, fleet, Refusal.UNAVAILABLE, failed.getMessage());
    }
  }

  /** Reports whether nobody else can lead by now. */
  private boolean isLeading() {
    long age = stowage.isLeading() ? stowage.leaseAgeNanos() : -1;
    return age >= 0 && age < stowage.leaseDuration().toNanos();
  }

  static Reply refused(Envelope request, Refusal why, String reason) {
    return refused(request.format(), request.fleet(), why, reason);
  }

  static Reply unsupported(Envelope request) {
    return refused(
        request,
        Refusal.UNSUPPORTED,
        "requests of kind " + ForeignText.quoted(request.name()) + " are not supported");
  }

  private static Reply refused(
      DocumentFormat format, String fleet, Refusal why, @Nullable String reason) {
    Wire.Refused refused = new Wire.Refused(why, ForeignText.message(String.valueOf(reason)));
    return new Reply(Envelope.seal(format, fleet, Wire.Refused.SHAPE, refused), false);
  }

  private Reply reply(Envelope request, long nowNanos) {
    Optional<CommandKind<?, ?>> kind = Wire.command(request.name());
    if (kind.isPresent()) {
      return seal(request, Wire.Answered.SHAPE, executed(kind.get(), request, nowNanos), false);
    }
    boolean isLeading = isLeading();
    return switch (request.name()) {
      case "ask_slice" -> {
        Wire.AskSlice question = request.read(Wire.AskSlice.SHAPE);
        Wire.ToldSlice told = isLeading ? slice(question) : storedSlice(question);
        yield seal(request, Wire.ToldSlice.SHAPE, told, told.isEmpty());
      }
      case "ask_routes" -> {
        Wire.AskRoutes question = request.read(Wire.AskRoutes.SHAPE);
        Wire.ToldRoutes told = isLeading ? routes(question, nowNanos) : storedRoutes(question);
        yield seal(request, toldRoutes, told, told.isEmpty());
      }
      case "ask_transfers" -> {
        TransferWire.AskTransfers question = request.read(TransferWire.AskTransfers.SHAPE);
        yield isLeading || transfers == null
            ? seal(request, TransferWire.ToldTransfers.SHAPE, transfers(question, nowNanos), false)
            : refused(
                request, Refusal.NOT_LEADING, "this process does not lead; only a leader has jobs");
      }
      default -> unsupported(request);
    };
  }

  private <T> Reply seal(Envelope request, Shape<T> shape, T answer, boolean isEmpty) {
    return new Reply(Envelope.seal(request.format(), fleet, shape, answer), isEmpty);
  }

  private <C extends Command<R>, R extends Result> Wire.Answered executed(
      CommandKind<C, R> kind, Envelope request, long nowNanos) {
    return told(stowage.execute(request.read(kind.shape()), nowNanos));
  }

  private static Wire.Answered told(Result result) {
    if (result instanceof Result.Registered registered) {
      Wire.Registration registration =
          new Wire.Registration(
              registered.incarnation(),
              registered.lineage(),
              registered.lastReport(),
              registered.inventoryWanted());
      return new Wire.Answered(
          registered.code(),
          registered.reasons(),
          registered.isAccepted() ? Optional.of(registration) : Optional.empty());
    }
    Result.Answer answer = (Result.Answer) result;
    return new Wire.Answered(answer.code(), answer.reasons(), Optional.empty());
  }

  private Wire.ToldSlice slice(Wire.AskSlice question) {
    FleetView fleetView = stowage.fleet();
    Optional<SliceDocument> slice =
        question.known().isPresent()
            ? fleetView.sliceSince(question.worker(), question.lineage(), question.known().get())
            : fleetView.slice(question.worker()).map(SliceDocument::of);
    return new Wire.ToldSlice(
        slice,
        fleetView.tick().value(),
        fleetView.config().trust().massDeletionMillionths(),
        transfers != null);
  }

  private Wire.ToldSlice storedSlice(Wire.AskSlice question) {
    AgedReader reader = stowage.agedReader();
    Aged<Optional<SliceDocument>> slice =
        question.known().isPresent()
            ? reader.sliceSince(question.worker(), question.lineage(), question.known().get())
            : reader.slice(question.worker());
    return new Wire.ToldSlice(
        slice.value(),
        slice.tick().value(),
        slice.config().trust().massDeletionMillionths(),
        transfers != null);
  }

  private Wire.ToldRoutes storedRoutes(Wire.AskRoutes question) {
    AgedReader reader = stowage.agedReader();
    Aged<RoutesDocument> routes =
        question.known().isPresent()
            ? reader.routesSince(question.lineage(), question.known().get())
            : question.lineage().equals(RouteBook.EMPTY.lineage())
                ? reader.routes()
                : reader.routes(question.lineage(), RouteBook.EMPTY.id());
    // A drain that began within the tick of the newest cycle counts from the tick's first
    // nanosecond.
    long window = stowage.time().nanosAt(Tick.of(Math.max(0, routes.portalWindowTicks() - 1)));
    return new Wire.ToldRoutes(
        Math.max(0, window - routes.ageNanos()),
        window,
        shared(routes.value().of(question.datasets())),
        List.of(),
        Optional.empty());
  }

  private RoutesDocument shared(RoutesDocument routes) {
    RoutesDocument known = stored.get();
    if (known != null && known.equals(routes)) {
      return known;
    }
    stored = new SoftReference<>(routes);
    return routes;
  }

  private Wire.ToldRoutes routes(Wire.AskRoutes question, long nowNanos) {
    NewsDoor door = news;
    FleetView fleetView = stowage.fleet();
    TimeBorder time = stowage.time();
    // A drain that begins within this tick counts from the tick's first nanosecond.
    long passed = Math.floorMod(nowNanos, time.tickLength().toNanos());
    long window = time.nanosAt(Tick.of(fleetView.portalWindowTicks()));
    long since =
        fleetView
            .windowTick()
            .map(begun -> Math.max(passed, nowNanos - time.nanosAt(begun)))
            .orElse(passed);
    return new Wire.ToldRoutes(
        Math.max(0, window - since),
        Math.max(0, window - passed),
        routes(question, fleetView),
        fleetView.strainedWorkers(),
        door == null ? Optional.empty() : door.relay(question.recipient()));
  }

  private RoutesDocument routes(Wire.AskRoutes question, FleetView fleetView) {
    PortalAssignment newest = fleetView.portalAssignment();
    Told known = told.get();
    if (known != null && known.answers(question, newest)) {
      return known.routes;
    }
    RoutesDocument all =
        question.known().isPresent()
            ? fleetView.portalSince(question.lineage(), question.known().get())
            : newest.full();
    RoutesDocument routes = all.of(question.datasets());
    told =
        new SoftReference<>(
            new Told(newest, question.lineage(), question.known(), question.datasets(), routes));
    return routes;
  }

  private TransferWire.ToldTransfers transfers(TransferWire.AskTransfers question, long nowNanos) {
    TransferDoor door = transfers;
    return door == null ? new TransferWire.ToldTransfers(List.of()) : door.ask(question, nowNanos);
  }
}
