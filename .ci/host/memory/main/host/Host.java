package host;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.List;

/** The example of the README. */
public final class Host {
  private Host() {}

  /** Ends with an exception if nobody is found to read from. */
  public static void main(String[] none) {
    // insert: java 1 of README.md
    if (route.workers().size() < 2) {
      throw new AssertionError("routed to " + route.workers());
    }
    System.out.println("routed to " + route.workers());
  }
}
