# The commands of Seedbed. `make` lists them, from the `##` comments below.
#
# A target only names a command. scripts/launch.sh decides where the command runs, and `seedbed` turns the variables into
# flags and chooses the database.

.DEFAULT_GOAL := help
.NOTPARALLEL:

##@ Start here
fresh-start: ## Create the database if it is missing, then apply all migrations and all seeds
test: ## Run all tests (module=PACKAGE, filter=TEXT)
help: ## List the commands

##@ Migrations and seeds
create-migration: ## Create a migration (name=createWidgets, fields='name:string!')
create-model: ## Create the model of an entity and its test (name=Widget)
create-seed: ## Create a seed (name=createAdminUser, table=roles, rows=roles.csv)
migrate-up: ## Apply the pending migrations (step=N, to=NAME, name=NAME)
migrate-down: ## Revert the newest applied migration (step=N, to=NAME, name=NAME, all=1)
migrate-redo: ## Revert the newest migration and apply it again (step=N, name=NAME)
migrate-status: ## Show the state of every migration (json=1)
migrate-verify: ## Prove that each migration and seed can be reverted (since=REF, name=NAME, json=1)
migrate-repair: ## Correct the history by name (args="--applied NAME", args="--not-applied NAME")
seed-up: ## Apply the pending seeds (step=N, to=NAME, name=NAME)
seed-down: ## Revert all applied seeds, newest first (step=N, to=NAME, name=NAME)
seed-redo: ## Revert the newest seed and apply it again (step=N, name=NAME)
seed-status: ## Show the state of every seed (json=1)
seed-repair: ## Correct the history of the seeds by name (args="--applied NAME")
schema: ## Write the schema of the migrations to apps/backend/tools/rds/schema.sql, .md and .svg
entities: ## Generate the entities from the schema of the migrations into crates/entity/src/tables
db-reset: ## Drop the database and create it again, then apply everything (yes=1)

##@ The development database
db-start: ## Start the server
db-stop: ## Stop the server; keeps the data
db-status: ## Print whether the server is running
db-psql: ## Open psql on the database (args="-c 'select 1'")
db-url: ## Print the URL of the database; starts the server if necessary

##@ The code
fmt: ## Format all code, including the scripts
fmt-check: ## Fail if any code is not formatted
schema-check: ## Fail unless schema.sql, .md and .svg match the migrations
entities-check: ## Fail unless the entities match the migrations
lint: ## Run clippy; warnings are errors
doc: ## Build the documentation; warnings are errors
check: ## Run all five checks, but not the tests
test-versions: ## Run the suites that touch a database on PostgreSQL 14 to 18 (version=17)
torture: ## Interrupt real runs of the migrator and check the result (args="--minutes 30")
bench: ## Compare the engine with psql, in a release build

##@ Variables
## env=NAME   the environment [default: APP_ENV, else development]
## dry_run=1  list the scripts that would run, and run none
## yes=1      skip the confirmation
## args="…"   any other flags: args="--lock-wait 5s --strict"
## RUN=local  run on this machine; RUN=docker runs in the tool container

this_makefile := $(firstword $(MAKEFILE_LIST))
ifneq ($(realpath $(this_makefile)),$(realpath Makefile))
$(error run make in the folder of the Makefile: make -C $(dir $(realpath $(this_makefile))) $(MAKECMDGOALS))
endif

# All targets above that have a comment, except `help`, which has its own recipe.
commands := $(filter-out help,$(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(this_makefile)))

.PHONY: $(commands) help

# The commands that contain the word, or that the word contains.
similar = $(strip $(foreach command,$(commands),$(if $(findstring $@,$(command))$(findstring $(command),$@),$(command))))

.DEFAULT:
	@echo "error: there is no command \`$@\`" >&2; \
	echo "hint: $(if $(similar),did you mean $(similar)? )\`make\` lists the commands" >&2; exit 2

# The values on the command line of make are data. Make would expand a `$(…)` in them on the way to the environment, so
# each variable is set to its own literal text. The launcher reads it from the environment, and no recipe passes it to a
# shell.
override given := $(strip $(foreach variable,$(.VARIABLES),$(if $(filter command,$(origin $(variable))),$(variable))))
define literal
override $(1) := $$(value $(1))
export $(1)
endef
$(foreach variable,$(given),$(eval $(call literal,$(variable))))
MAKEOVERRIDES :=
override SEEDBED_GIVEN := $(given)
export SEEDBED_GIVEN
# For the hint on `make create-migration createWidgets`.
override SEEDBED_GOALS := $(value MAKECMDGOALS)
export SEEDBED_GOALS
override SEEDBED_TARGETS := $(commands)
export SEEDBED_TARGETS

$(commands):
	@scripts/launch.sh $@

help:
	@awk -f scripts/help.awk Makefile
