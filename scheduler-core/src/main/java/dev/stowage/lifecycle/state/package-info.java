/**
 * The state in flat tables, the journal through which it is changed and undone, and the rules that
 * read it.
 *
 * <p>Positions and slots are private to one state. Nothing here is thread-safe.
 */
@NullMarked
package dev.stowage.lifecycle.state;

import org.jspecify.annotations.NullMarked;
