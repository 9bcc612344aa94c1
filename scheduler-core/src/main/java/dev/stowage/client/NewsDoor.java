package dev.stowage.client;

import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.StowageService;
import dev.stowage.client.HeldQuestions.Reply;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.Recipient;
import dev.stowage.propagation.Recipient.RecipientAnswer;
import dev.stowage.store.FleetView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Makes whoever has a question held a recipient of a leader's propagation, whose messages wake it.
 * One that does not ask for many messages is no recipient any more. Thread-safe.
 */
final class NewsDoor implements StowageService.Courier {
  private static final int MOST_UNHEARD = 64;

  private final Stowage stowage;
  private final StowageService service;
  private final AssignmentPropagation news;
  private final int most;
  private final HeldQuestions held;
  private final Map<Recipient, Row> rows = new HashMap<>();

  private static final class Row {
    final List<DatasetId> datasets;

    // The messages since the last question.
    int unheard;

    Row(List<DatasetId> datasets) {
      this.datasets = datasets;
    }
  }

  NewsDoor(
      Stowage stowage,
      StowageService service,
      AssignmentPropagation news,
      int most,
      HeldQuestions held) {
    this.stowage = stowage;
    this.service = service;
    this.news = news;
    this.most = most;
    this.held = held;
  }

  /** Holds the question of a leader's client, or replies at once. */
  CompletionStage<byte[]> ask(
      Wire.Question question, DocumentFormat format, Supplier<Reply> reply) {
    if (takeUnheard(question)) {
      return CompletableFuture.completedFuture(reply.get().bytes());
    }
    CompletionStage<byte[]> answer = held.ask(question, format, reply);
    if (held.holds(question.recipient())) {
      follow(question);
    }
    return answer;
  }

  // A change of what a slice demands leaves its assignment's id, so questions do not show it.
  private synchronized boolean takeUnheard(Wire.Question question) {
    Row row = rows.get(question.recipient());
    boolean hasUnheard = row != null && row.unheard > 0;
    if (row != null) {
      row.unheard = 0;
    }
    return hasUnheard;
  }

  private void follow(Wire.Question question) {
    Recipient who = question.recipient();
    synchronized (this) {
      Row row = rows.get(who);
      if (row != null && row.datasets.equals(question.datasets())) {
        return;
      }
      if (row != null || rows.size() < most) {
        rows.put(who, new Row(question.datasets()));
        if (submit(now -> register(question, now))) {
          return;
        }
        rows.remove(who);
      }
    }
    held.wake(who);
  }

  private boolean submit(LongConsumer work) {
    try {
      CompletionStage<Boolean> unused =
          service.submit(now -> {
            work.accept(now);
            return true;
          });
      return true;
    } catch (StowageException over) {
      return false;
    }
  }

  // The propagation takes it for told: a reply that is made afterwards tells it everything.
  private void register(Wire.Question question, long now) {
    Recipient who = question.recipient();
    news.unregister(who);
    FleetView view = stowage.fleet();
    RecipientAnswer answer;
    if (question instanceof Wire.AskRoutes routes) {
      answer = news.register(routes.portal(), new TreeSet<>(routes.datasets()), now);
      news.pull(routes.portal(), view.lineage(), view.ids().portal(), now);
    } else {
      WorkerId worker = ((Wire.AskSlice) question).worker();
      answer = news.register(worker, now);
      news.pull(worker, view.lineage(), view.ids().worker(), now);
    }
    if (answer == RecipientAnswer.DONE) {
      held.look(who);
    } else {
      held.wake(who);
    }
  }

  @Override
  public void send(Message message) {
    Recipient who = message.recipient();
    if (held.wake(who)) {
      return;
    }
    synchronized (this) {
      Row row = rows.get(who);
      if (row != null && ++row.unheard <= MOST_UNHEARD) {
        return;
      }
      rows.remove(who);
    }
    submit(now -> news.unregister(who));
  }

  @Override
  public void leads(boolean isLeading) {
    synchronized (this) {
      rows.clear();
    }
    held.wakeAll();
  }
}
