/** What transfers promise: the published rows and formulas, and every bound from both sides. */
@NullMarked
package dev.stowage.transfers;

import org.jspecify.annotations.NullMarked;
