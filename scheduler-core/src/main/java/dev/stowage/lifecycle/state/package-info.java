/**
 * The state in flat tables, the journal that changes and undoes it, and the rules that read it.
 * Positions and slots are private to one state. Not thread-safe.
 */
@NullMarked
package dev.stowage.lifecycle.state;

import org.jspecify.annotations.NullMarked;
