/** What every package of Stowage shares: the conventions that the build checks. */
@NullMarked
package dev.stowage;

import org.jspecify.annotations.NullMarked;
