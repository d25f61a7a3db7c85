/**
 * The {@code espalier} command: one class a command over the library, and what all of them share. Start with
 * {@link espalier.cli.Main}, where commands are registered; {@link espalier.cli.EspalierCommand} is what each extends.
 * Nothing here that a Java program could not do by itself in five lines.
 */
@NullMarked
package espalier.cli;

import org.jspecify.annotations.NullMarked;
