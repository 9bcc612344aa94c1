/** The primitive collections against those of the platform, and against naive ones. */
@NullMarked
package dev.stowage.columns;

import org.jspecify.annotations.NullMarked;
