package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.contract.EveryQuestion;
import dev.stowage.contract.RandomStory;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.questions.Question;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.lifecycle.questions.Reading;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.storage.postgres.PostgresFixture;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.Claim;
import dev.stowage.store.Commit;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.KeptRanges;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.News;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Drawn stories, some commands given through the inbox and some by the leader, told to one state in
 * memory as well: whoever decides on a few rows of the database must answer what the whole answers.
 */
class InboxStoryTest {
  private static final int STEPS = 110;

  /** The drawn questions after each command. */
  private static final int QUESTIONS = 3;

  private static final ChainPoint NO_EVIDENCE =
      ChainPoint.originOf(EvidenceHeader.of("test", Hash256.ZERO, 0));

  private final Lifecycle reference = new Lifecycle(PlacementPlanner.sticky());
  private final KeptRanges kept = new KeptRanges();
  private final Lifecycle leaders = new Lifecycle(PlacementPlanner.sticky());
  private final Map<WorkerId, SliceDocument> documents = new TreeMap<>();
  private int deltas;
  private int removals;
  private PostgresChunkStore store;
  private StoreSession session;
  private LifecycleState whole;
  private LifecycleState mirror;
  private long sequence;

  @ParameterizedTest
  @ValueSource(longs = 5)
  void inbox_answersWhatTheWholeAnswers(long seed) {
    answersWhatTheWholeAnswers(seed);
  }

  @Tag("deep")
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 6})
  void inbox_inMoreStories_answersWhatTheWholeAnswers(long seed) {
    answersWhatTheWholeAnswers(seed);
  }

  private void answersWhatTheWholeAnswers(long seed) {
    try (PostgresFixture fixture = new PostgresFixture()) {
      store = fixture.connect();
      session =
          ((Claim.Granted) store.claim(new LeaseRequest("leader", Duration.ofHours(1)))).session();
      LifecycleConfig config = RandomStory.config(seed);
      Lineage lineage = session.lease().lineage();
      mirror = session.found(config).state().orElseThrow();
      whole = LifecycleState.empty(config, lineage);
      RandomStory story = new RandomStory(seed, whole);
      SplittableRandom dice = new SplittableRandom(seed);
      for (int step = 0; step < STEPS; step++) {
        Command<?> command = story.next();
        Tick now = Tick.of(story.now());
        if (isLeaders(command) || dice.nextInt(4) == 0) {
          lead(command, now);
        } else {
          submit(command, now, "seed " + seed + ", step " + step + ": " + command);
        }
      }
      lead(new Command.Publish(0), Tick.of(story.now()));
      LifecycleState loaded = session.load().state().orElseThrow();
      assertThat(loaded.digest()).isEqualTo(whole.digest());
      assertThat(session.verify()).isEqualTo(whole.digest());
      assertThat(deltas).isPositive();
      if (seed == 5) {
        assertThat(removals).isPositive();
      }
    }
  }

  private void submit(Command<?> command, Tick now, String step) {
    KeptRanges.Decided decided = kept.execute(reference, whole, command, now);
    kept.note(command, decided.changes());
    Result expected = decided.result();
    assertThat(store.inbox().submit(command, now)).as(step).isEqualTo(withoutNumbers(expected));
    List<ChunkKey> keys = new ArrayList<>();
    whole.forEachChunk(chunk -> keys.add(whole.chunkKey(chunk)));
    Reading moment = Reading.of(mirror, whole);
    isAnswered(Questions.status(keys), moment, step);
    List<WorkerId> workers = new ArrayList<>();
    whole.forEachWorker(worker -> workers.add(whole.workerId(worker)));
    List<EveryQuestion.Asked> all =
        new EveryQuestion(
                keys, workers, whole.datasets(), whole.swaps().stream().map(SwapRow::id).toList())
            .all();
    SplittableRandom dice = new SplittableRandom(sequence * STEPS + keys.size());
    for (int some = 0; some < QUESTIONS; some++) {
      EveryQuestion.Asked asked = all.get(dice.nextInt(all.size()));
      isAnswered(asked.question(), moment, step + ": " + asked);
    }
    for (DatasetId dataset : whole.datasets()) {
      isAnswered(Questions.head(dataset), moment, step);
    }
  }

  private void isAnswered(Question<?> question, Reading moment, String step) {
    assertThat((Object) store.ask(question)).as(step).isEqualTo(question.answer(moment));
  }

  private static Result withoutNumbers(Result result) {
    return result instanceof Result.Batch batch
        ? new Result.Batch(batch.items().stream().map(Result.Item::withoutNumber).toList())
        : result;
  }

  private void lead(Command<?> command, Tick now) {
    reference.execute(whole, command, now);
    kept.clear();
    boolean more = true;
    while (more) {
      try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
        AssignmentIds before =
            new AssignmentIds(mirror.newestWorkerAssignment(), mirror.newestPortalAssignment());
        News news = transaction.news();
        more = news.more();
        List<Commit.Consumed> consumed = new ArrayList<>();
        for (News.Item item : news.readable()) {
          ChangeSet taken = leaders.execute(mirror, item.command(), item.tick()).changes();
          consumed.add(new Commit.Consumed(item.mark(), taken));
        }
        List<ChangeSet> own =
            more ? List.of() : List.of(leaders.execute(mirror, command, now).changes());
        transaction.commit(
            new Commit(
                new CommitKey(session.lease().epoch(), ++sequence),
                before,
                now,
                consumed,
                own,
                mirror.digest(),
                List.of(),
                NO_EVIDENCE));
      }
    }
    assertThat(mirror.digest()).as("%s", command).isEqualTo(whole.digest());
    if (sequence % 4 == 0) {
      fetchSlices("after " + command);
    }
  }

  /** Each worker asks for what changed since the document that it has, and for all of it. */
  private void fetchSlices(String when) {
    for (WorkerRow row : mirror.rows().build().workers()) {
      WorkerId worker = row.id();
      Optional<SliceDocument> whole =
          mirror.workerAssignment().slice(worker).map(SliceDocument::of);
      assertThat(store.slice(worker)).as(when).isEqualTo(whole);
      SliceDocument known = documents.get(worker);
      if (known != null && whole.isPresent()) {
        SliceDocument change = store.sliceSince(worker, known.lineage(), known.id()).orElseThrow();
        assertThat(change.after(known)).as(when).isEqualTo(whole.get());
        deltas += change.isFull() ? 0 : 1;
        removals += change.removed().size();
      }
      whole.ifPresent(document -> documents.put(worker, document));
    }
  }

  private static boolean isLeaders(Command<?> command) {
    return command instanceof Command.Schedule
        || command instanceof Command.Publish
        || command instanceof Command.Purge
        || command instanceof Command.Admit
        || command instanceof Command.BeginLineage;
  }
}
