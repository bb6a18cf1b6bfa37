// What holds for this tree's commands holds for those of the package, which has a manifest of them.
import '../e2e/commands.test.js'
import '../e2e/guest-files.test.js'
