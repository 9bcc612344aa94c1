package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Labels;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import java.util.List;
import java.util.Objects;

/**
 * Everything that can change the state: one record per row of the lifecycle design, section 9
 * ({@code claim}, {@code renew} and {@code resign} change a lease, not this state, and belong to
 * the store). Commands are immutable values; the tick they happen at is given to {@link
 * Lifecycle#execute}.
 */
public sealed interface Command {
  /** Passed where a version guard is not wanted. */
  long ANY_VERSION = -1;

  /**
   * Replaces the configuration.
   *
   * @param expectedVersion the version that the caller has read, or {@link #ANY_VERSION}
   * @param config the new configuration, whole; may violate bounds, then {@code INVALID} names all
   */
  record Configure(long expectedVersion, LifecycleConfig config) implements Command {
    /** Refuses null. */
    public Configure {
      Objects.requireNonNull(config, "config");
    }
  }

  /**
   * Admits chunks now, one by one, in order.
   *
   * @param chunks the chunks
   */
  record Ingest(List<ProposedChunk> chunks) implements Command {
    /** Copies the list. */
    public Ingest {
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * Offers chunks for the next scheduling cycle to admit.
   *
   * @param chunks the chunks
   */
  record Offer(List<ProposedChunk> chunks) implements Command {
    /** Copies the list. */
    public Offer {
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * Registers an atomic exchange of chunks.
   *
   * @param dataset the dataset that all of them belong to
   * @param oldChunks the side that portals see until the swap fires
   * @param newChunks the side that they see afterwards, admitted at once
   * @param coverage whether the new side must cover exactly what the old side covers
   */
  record RegisterSwap(
      DatasetId dataset, List<ChunkKey> oldChunks, List<ProposedChunk> newChunks, Coverage coverage)
      implements Command {
    /** Copies the lists. */
    public RegisterSwap {
      Objects.requireNonNull(dataset, "dataset");
      oldChunks = List.copyOf(oldChunks);
      newChunks = List.copyOf(newChunks);
      Objects.requireNonNull(coverage, "coverage");
    }
  }

  /**
   * Cancels a pending swap and every pending one that rests on it.
   *
   * @param swapId the id that its registration answered, see also {@link LifecycleView#swapOf}
   */
  record CancelSwap(long swapId) implements Command {}

  /**
   * Sets the removal mark.
   *
   * @param chunk the chunk
   */
  record Remove(ChunkKey chunk) implements Command {
    /** Refuses null. */
    public Remove {
      Objects.requireNonNull(chunk, "chunk");
    }
  }

  /**
   * A worker begins to work.
   *
   * @param worker the worker
   * @param diskId the random id that it keeps on the disk it stores replicas on
   */
  record Register(WorkerId worker, String diskId) implements Command {
    /** Refuses nulls. */
    public Register {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(diskId, "diskId");
    }
  }

  /**
   * A sign of life.
   *
   * @param header who, and which report
   */
  record Heartbeat(ReportHeader header) implements Command {
    /** Refuses null. */
    public Heartbeat {
      Objects.requireNonNull(header, "header");
    }
  }

  /**
   * "Of my newest slice I hold every replica with {@code since} up to {@code id}, but for {@code
   * missing}."
   *
   * @param header who, and which report
   * @param id a published worker assignment
   * @param missing what it has not got; replaces the earlier set
   */
  record Applied(ReportHeader header, WorkerAssignmentId id, List<ChunkNumber> missing)
      implements Command {
    /** Copies the list. */
    public Applied {
      Objects.requireNonNull(header, "header");
      Objects.requireNonNull(id, "id");
      missing = List.copyOf(missing);
    }
  }

  /**
   * The bytes of these chunks are gone from the worker's disk. Believed in any lineage.
   *
   * @param header who, and which report
   * @param chunks the chunks
   */
  record Lost(ReportHeader header, List<ChunkNumber> chunks) implements Command {
    /** Copies the list. */
    public Lost {
      Objects.requireNonNull(header, "header");
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * All that the worker's disk holds.
   *
   * @param header who, and which report
   * @param chunks the numbers found on the disk
   */
  record Inventory(ReportHeader header, List<ChunkNumber> chunks) implements Command {
    /** Copies the list. */
    public Inventory {
      Objects.requireNonNull(header, "header");
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * The host describes a worker; an unknown one is created, active, and counts once it registers.
   *
   * @param worker the worker
   * @param capacityBytes bytes it may hold
   * @param zone its failure domain
   * @param version the version of its software
   * @param labels what it offers
   */
  record Describe(
      WorkerId worker, long capacityBytes, String zone, WorkerVersion version, Labels labels)
      implements Command {
    /** Refuses nulls; values are judged when the command is executed. */
    public Describe {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(zone, "zone");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(labels, "labels");
    }

    /** Describes a worker as the record says; its status is not looked at. */
    public static Describe of(Worker worker) {
      return new Describe(
          worker.id(), worker.capacityBytes(), worker.zone(), worker.version(), worker.labels());
    }
  }

  /**
   * The host says what may be done with a worker.
   *
   * @param worker the worker
   * @param status the status; {@code SUSPECT} and {@code DEPARTED} cover the one it had, which it
   *     has again when it comes back
   */
  record SetStatus(WorkerId worker, WorkerStatus status) implements Command {
    /** Refuses nulls. */
    public SetStatus {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(status, "status");
    }
  }

  /**
   * Pins or bans.
   *
   * @param wish the pin or ban
   * @param expectedVersion the version of the wishes that the caller has read, or {@link
   *     #ANY_VERSION}
   */
  record Wish(PlacementWish wish, long expectedVersion) implements Command {
    /** Refuses null. */
    public Wish {
      Objects.requireNonNull(wish, "wish");
    }
  }

  /**
   * Takes a pin or a ban back; one that does not stand is taken back already.
   *
   * @param wish the pin or ban
   * @param expectedVersion the version of the wishes that the caller has read, or {@link
   *     #ANY_VERSION}
   */
  record Unwish(PlacementWish wish, long expectedVersion) implements Command {
    /** Refuses null. */
    public Unwish {
      Objects.requireNonNull(wish, "wish");
    }
  }

  /**
   * No growth and no moves from now on.
   *
   * @param expectedVersion the version of the wishes, or {@link #ANY_VERSION}
   */
  record Freeze(long expectedVersion) implements Command {}

  /**
   * Growth and moves again.
   *
   * @param expectedVersion the version of the wishes, or {@link #ANY_VERSION}
   */
  record Unfreeze(long expectedVersion) implements Command {}

  /**
   * The store may have lost commits: another lineage begins (section 8).
   *
   * @param lineage its token, not one of an earlier lineage
   */
  record BeginLineage(Lineage lineage) implements Command {
    /** Refuses null. */
    public BeginLineage {
      Objects.requireNonNull(lineage, "lineage");
    }
  }

  /** Admits what was offered; the first part of a scheduling cycle, for a host that plans apart. */
  record Admit() implements Command {}

  /**
   * A scheduling cycle (section 3).
   *
   * @param advice what other packages ask of its plan
   */
  record Schedule(PlanningAdvice advice) implements Command {
    /** Refuses null. */
    public Schedule {
      Objects.requireNonNull(advice, "advice");
    }

    /** A cycle of which nobody asks anything. */
    public Schedule() {
      this(PlanningAdvice.NONE);
    }
  }

  /**
   * Keeps something of another package with the state, in the same commit order as all else.
   *
   * @param annex what to keep; replaces what was kept under the same kind
   */
  record Keep(Annex annex) implements Command {
    /** Refuses null. */
    public Keep {
      Objects.requireNonNull(annex, "annex");
    }
  }

  /**
   * A visibility cycle (section 4).
   *
   * @param commitTick what the host's tick source answered inside the transaction; windows begin at
   *     the larger of it and the cycle's tick; 0 where there is no such source
   */
  record Publish(long commitTick) implements Command {
    /** A cycle whose windows begin at its own tick. */
    public static Publish now() {
      return new Publish(0);
    }
  }

  /** Retention (section 7). */
  record Purge() implements Command {}
}
