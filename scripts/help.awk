# Prints the help of a Makefile from its own comments: `##@ heading`, `target: ## text`, `## text`.
BEGIN { print "Usage: make <command> [variable=value]..." }
/^##@ / { print ""; print substr($0, 5); next }
/^## / { print "  " substr($0, 4); next }
/^[a-z-]+:.*## / {
    target = $0
    sub(/:.*/, "", target)
    sub(/^[^#]*## /, "")
    printf "  %-17s %s\n", target, $0
}
