package dev.stowage.placement.input;

import dev.stowage.columns.IntColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The held replicas by chunk and canonical worker; those of an index are its live arrays. */
public final class HeldReplicas {
  private int[] start;
  private @Nullable IntColumn counts;
  private int[] worker;
  private byte[] bits;

  /** Creates replicas without gaps; {@code start} has one more entry than chunks. */
  HeldReplicas(int[] start, int[] worker, byte[] bits) {
    this(start, null, worker, bits);
  }

  /** Creates no replicas; {@code start} is all zero, with one more entry than chunks. */
  public HeldReplicas(int[] start) {
    this(start, new int[0], new byte[0]);
  }

  /** Creates replicas with gaps; {@code counts} has the number of replicas per chunk. */
  public HeldReplicas(int[] start, @Nullable IntColumn counts, int[] worker, byte[] bits) {
    this.start = start;
    this.counts = counts;
    this.worker = worker;
    this.bits = bits;
  }

  public void lookAt(int[] starts, IntColumn howMany, int[] workers, byte[] flags) {
    start = starts;
    counts = howMany;
    worker = workers;
    bits = flags;
  }

  public int[] worker() {
    return worker;
  }

  public byte[] bits() {
    return bits;
  }

  public boolean isDense() {
    return counts == null;
  }

  /** Reports whether each chunk of a range has {@code replicas}; needs {@link #isDense}. */
  public boolean hasEach(int from, int to, int replicas) {
    int differ = 0;
    for (int chunk = from; chunk < to; chunk++) {
      differ |= (start[chunk + 1] - start[chunk]) ^ replicas;
    }
    return differ == 0;
  }

  public int begin(int chunk) {
    return start[chunk];
  }

  public int end(int chunk) {
    IntColumn known = counts;
    return known == null ? start[chunk + 1] : start[chunk] + known.get(chunk);
  }

  public int limit() {
    return worker.length;
  }

  /** Collects replicas; input sorted by chunk needs no chunk column, which halves the peak. */
  public static final class Draft {
    private int[] worker = new int[16];
    private byte[] bits = new byte[16];
    private int count;
    private int[] chunkEnds = new int[16];
    private int lastChunk = -1;
    private int @Nullable [] chunkOf;

    public void expect(int replicas) {
      if (replicas > worker.length) {
        resize(replicas);
      }
    }

    public void add(int chunk, int holder, int flags) {
      if (count == worker.length) {
        resize((int) Math.min(Integer.MAX_VALUE - 8L, count * 2L));
      }
      if (chunkOf == null && chunk < lastChunk) {
        chunkOf = expanded();
      }
      if (chunkOf == null) {
        closeUntil(chunk);
      } else {
        chunkOf[count] = chunk;
      }
      worker[count] = holder;
      bits[count++] = (byte) flags;
    }

    HeldReplicas sealed(int chunks) {
      if (chunkOf == null) {
        closeUntil(chunks);
        int[] start = new int[chunks + 1];
        System.arraycopy(chunkEnds, 0, start, 1, chunks);
        resize(count);
        return checked(new HeldReplicas(start, worker, bits));
      }
      int[] start = new int[chunks + 1];
      for (int i = 0; i < count; i++) {
        start[chunkOf[i] + 1]++;
      }
      for (int chunk = 0; chunk < chunks; chunk++) {
        start[chunk + 1] += start[chunk];
      }
      int[] next = Arrays.copyOf(start, chunks);
      int[] grouped = new int[count];
      byte[] groupedBits = new byte[count];
      for (int i = 0; i < count; i++) {
        int at = next[chunkOf[i]]++;
        grouped[at] = worker[i];
        groupedBits[at] = bits[i];
      }
      return checked(new HeldReplicas(start, grouped, groupedBits));
    }

    /** Ends the groups of all chunks before {@code chunk}; entry c is the end of chunk c. */
    private void closeUntil(int chunk) {
      if (chunk >= chunkEnds.length) {
        chunkEnds = Arrays.copyOf(chunkEnds, Math.max(chunk + 1, chunkEnds.length * 2));
      }
      for (int open = Math.max(lastChunk, 0); open < chunk; open++) {
        chunkEnds[open] = count;
      }
      lastChunk = chunk;
    }

    private int[] expanded() {
      int[] chunks = new int[worker.length];
      int from = 0;
      for (int chunk = 0; chunk < lastChunk; chunk++) {
        Arrays.fill(chunks, from, chunkEnds[chunk], chunk);
        from = chunkEnds[chunk];
      }
      Arrays.fill(chunks, from, count, lastChunk);
      return chunks;
    }

    private void resize(int length) {
      worker = Arrays.copyOf(worker, length);
      bits = Arrays.copyOf(bits, length);
      chunkOf = chunkOf == null ? null : Arrays.copyOf(chunkOf, length);
    }

    /** Sorts groups by worker; throws {@code IllegalArgumentException} for duplicates. */
    private static HeldReplicas checked(HeldReplicas held) {
      for (int chunk = 0; chunk + 1 < held.start.length; chunk++) {
        int from = held.start[chunk];
        for (int i = from + 1; i < held.start[chunk + 1]; i++) {
          int holder = held.worker[i];
          byte flags = held.bits[i];
          int at = i;
          while (at > from && held.worker[at - 1] > holder) {
            held.worker[at] = held.worker[at - 1];
            held.bits[at] = held.bits[at - 1];
            at--;
          }
          held.worker[at] = holder;
          held.bits[at] = flags;
          if (at > from && held.worker[at - 1] == holder) {
            throw new IllegalArgumentException(
                "chunk " + chunk + " has two replicas on worker " + holder);
          }
        }
      }
      return held;
    }
  }
}
