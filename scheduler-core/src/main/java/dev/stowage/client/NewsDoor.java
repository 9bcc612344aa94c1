package dev.stowage.client;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.StowageService;
import dev.stowage.client.HeldQuestions.Reply;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.Recipient;
import dev.stowage.propagation.Recipient.RecipientAnswer;
import dev.stowage.store.FleetView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Makes whoever has a question held a recipient of a leader's propagation, whose messages wake it.
 * One that does not ask for many messages is no recipient any more. A relaying portal is sent to
 * its relay in the propagation's tree, and told here once it comes back. Thread-safe.
 */
final class NewsDoor implements Propagation.Courier {
  private static final int MOST_UNHEARD = 64;

  private final Stowage stowage;
  private final StowageService service;
  private final AssignmentPropagation news;
  private final int most;
  final HeldQuestions held;
  private final Map<Recipient, Row> rows = new LinkedHashMap<>();

  private static final class Row {
    final List<DatasetId> datasets;

    // The portal that it was sent to.
    volatile Optional<PortalId> relay = Optional.empty();

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
    if (row == null) {
      return false;
    }
    boolean hasUnheard = row.unheard > 0;
    row.unheard = 0;
    if (row.relay.isPresent()) {
      // It comes back because the relay does not help.
      row.relay = Optional.empty();
      submit(now -> register(question, row, false, now));
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
      if (row == null && rows.size() >= most) {
        // Who was sent to a relay does not ask here, alive or not, and goes on without a row.
        rows.keySet().stream()
            .filter(it -> relay(it).isPresent())
            .findFirst()
            .ifPresent(this::drop);
      }
      if (row != null || rows.size() < most) {
        Row next = new Row(question.datasets());
        rows.put(who, next);
        if (submit(now -> register(question, next, true, now))) {
          return;
        }
        rows.remove(who);
      }
    }
    held.wake(who);
  }

  private synchronized void drop(Recipient who) {
    rows.remove(who);
    submit(now -> news.unregister(who));
  }

  /** Returns the portal whose routes a portal is to take; empty for one that is told here. */
  synchronized Optional<PortalId> relay(Recipient portal) {
    Row row = rows.get(portal);
    return row == null ? Optional.empty() : row.relay;
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
  private void register(Wire.Question question, Row row, boolean isFirst, long now) {
    Recipient who = question.recipient();
    news.unregister(who);
    FleetView view = stowage.fleet();
    RecipientAnswer answer;
    if (question instanceof Wire.AskRoutes routes) {
      answer =
          (isFirst && routes.isRelaying()) || !routes.datasets().isEmpty()
              ? news.register(routes.portal(), new TreeSet<>(routes.datasets()), now)
              : news.registerOutsideTree(routes.portal(), now);
      row.relay = news.relay(routes.portal());
      news.pull(routes.portal(), view.lineage(), view.ids().portal(), now);
    } else {
      WorkerId worker = ((Wire.AskSlice) question).worker();
      answer = news.register(worker, now);
      news.pull(worker, view.lineage(), view.ids().worker(), now);
    }
    if (answer == RecipientAnswer.DONE && row.relay.isEmpty()) {
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
    }
    drop(who);
  }

  @Override
  public void leads(boolean isLeading) {
    synchronized (this) {
      rows.clear();
    }
    held.wakeAll();
  }
}
