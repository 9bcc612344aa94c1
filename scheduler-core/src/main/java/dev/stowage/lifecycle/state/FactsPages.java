package dev.stowage.lifecycle.state;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pages of facts of one table. The table appends in place to pages that copies read, because no
 * copy names a position at or above its own limit; any other write copies what it changes.
 */
final class FactsPages {
  /** The page belongs to another table, whose positions it may still append. */
  private static final byte FOREIGN = 0;

  private static final byte APPENDED = 1;
  private static final byte OWN_NUMBERS = 2;
  private static final byte OWN = 3;

  /** The pages of a table that is not written. */
  static final FactsPages NONE = new FactsPages();

  private @Nullable FactsPage[] pages = new FactsPage[1];
  private byte[] rights = new byte[1];
  private int named;
  private @Nullable FactsPage @Nullable [] copied;

  FactsPages() {}

  /** Creates pages to write that share all pages with a copy. */
  FactsPages(@Nullable FactsPage[] copy) {
    pages = copy.clone();
    rights = new byte[pages.length];
  }

  /** Returns the pages for reading until the next call. */
  @Nullable FactsPage[] pages() {
    return pages;
  }

  /** Returns a copy, the former one if it still holds, that names positions below a limit. */
  @Nullable FactsPage[] copy(int limit) {
    @Nullable FactsPage[] known = copied;
    if (known == null) {
      known = pages.clone();
      copied = known;
    }
    for (int page = 0; page < rights.length; page++) {
      rights[page] = rights[page] > APPENDED ? APPENDED : rights[page];
    }
    named = Math.max(named, limit);
    return known;
  }

  /** Returns the page to write all facts of a position to. */
  FactsPage toWrite(int position) {
    int at = position >>> FactsPage.SHIFT;
    if (at >= pages.length) {
      int wider = Math.max(at + 1, pages.length * 2);
      pages = Arrays.copyOf(pages, wider);
      rights = Arrays.copyOf(rights, wider);
      copied = null;
    }
    FactsPage page = pages[at];
    if (page == null) {
      return put(at, new FactsPage(), OWN);
    }
    boolean isAppended = rights[at] >= APPENDED && position >= named;
    return isAppended || rights[at] == OWN ? page : put(at, page.copy(), OWN);
  }

  /** Returns the page to write the number of a position to. */
  FactsPage toNumber(int position) {
    int at = position >>> FactsPage.SHIFT;
    FactsPage page = Objects.requireNonNull(pages[at]);
    boolean isAppended = rights[at] >= APPENDED && position >= named;
    if (isAppended || rights[at] >= OWN_NUMBERS) {
      return page;
    }
    return rights[at] == FOREIGN
        ? put(at, page.copy(), OWN)
        : put(at, page.copyOfNumbers(), OWN_NUMBERS);
  }

  private FactsPage put(int at, FactsPage page, byte right) {
    pages[at] = page;
    rights[at] = right;
    copied = null;
    return page;
  }
}
