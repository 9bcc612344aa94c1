package dev.stowage;

import dev.stowage.engine.EngineRecords;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tells what an operator or the host did, and what came of it.
 *
 * @param index the place of its record in the chain of evidence
 * @param by the name of an operator, or the holder's if it was not drawn; else whether the leader
 *     or another process gave the command
 * @param what the commands, in words
 * @param answer the result code, and reasons if there are some
 * @param about the subjects of the commands
 * @param effects the workers that the commands had emptied, in order
 */
public record Deed(
    long index,
    Tick tick,
    String by,
    String what,
    String answer,
    List<Subject> about,
    List<Effect> effects) {
  /** Copies the lists; throws {@link NullPointerException} if a component is null. */
  public Deed {
    Objects.requireNonNull(tick, "tick");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(answer, "answer");
    about = List.copyOf(about);
    effects = List.copyOf(effects);
  }

  /**
   * The end of a leave.
   *
   * @param tick the tick at which nothing was left on the worker
   * @param copies the copies that were made for it, as {@code progress} counts them
   * @param bytes their bytes
   */
  public record Effect(Tick tick, WorkerId worker, long copies, long bytes) {
    /** Throws {@link NullPointerException} if a component is null. */
    public Effect {
      Objects.requireNonNull(tick, "tick");
      Objects.requireNonNull(worker, "worker");
    }
  }

  /** Returns the deeds among records, in their order. */
  public static List<Deed> in(Iterable<EvidenceRecord> records) {
    List<Deed> deeds = new ArrayList<>();
    Map<WorkerId, Integer> leaves = new HashMap<>();
    for (EvidenceRecord record : records) {
      EngineRecords.Input input = record.isDeed() ? EngineRecords.ALL.input(record) : null;
      if (input instanceof EngineRecords.Done it) {
        List<Command<?>> parts =
            it.command() instanceof Command.CarryOut all ? all.commands() : List.of(it.command());
        parts.forEach(part -> noteLeave(part, deeds.size(), leaves));
        String what = String.join("; ", parts.stream().map(CommandCodec.FORM::print).toList());
        List<Subject> about = EngineReplay.catalog().explain(record).subjects();
        deeds.add(
            new Deed(record.index(), it.tick(), it.by(), what, it.answer(), about, List.of()));
      } else if (input instanceof EngineRecords.Emptied it && leaves.containsKey(it.worker())) {
        int at = leaves.get(it.worker());
        Effect effect = new Effect(it.tick(), it.worker(), it.copies(), it.bytes());
        deeds.set(at, deeds.get(at).with(effect));
      }
    }
    return List.copyOf(deeds);
  }

  private static void noteLeave(Command<?> command, int at, Map<WorkerId, Integer> leaves) {
    if (command instanceof Command.Replace it) {
      leaves.put(it.worker(), at);
    } else if (command instanceof Command.SetStatus it && it.status() == WorkerStatus.LEAVING) {
      leaves.put(it.worker(), at);
    }
  }

  private Deed with(Effect effect) {
    List<Effect> all = new ArrayList<>(effects);
    all.add(effect);
    return new Deed(index, tick, by, what, answer, about, all);
  }
}
