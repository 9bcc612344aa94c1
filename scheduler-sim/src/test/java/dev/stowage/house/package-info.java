/** What the build asks of the whole repository: arrows between packages, and links in pages. */
@NullMarked
package dev.stowage.house;

import org.jspecify.annotations.NullMarked;
