/** The state in flat tables, its journal and its rules. Not thread-safe. */
@NullMarked
package dev.stowage.lifecycle.state;

import org.jspecify.annotations.NullMarked;
