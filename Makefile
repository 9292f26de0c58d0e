# The front door of Seedbed. `make` alone prints what it can do, from the `##` comments below.
#
# A target only names a command: scripts/launch.sh decides where it runs, and `seedbed` turns the variables into flags,
# chooses the database and does the rest.

.DEFAULT_GOAL := help
.NOTPARALLEL:

##@ Start here
fresh-start: ## Create the database if it is missing, apply all migrations and all seeds
test: ## Run all tests (module=PACKAGE, filter=TEXT)
help: ## Print this

##@ Migrations and seeds
create-migration: ## Write a new migration (name=createWidgets, fields='name:string!')
create-model: ## Write the model of an entity, and its test (name=Widget)
create-seed: ## Write a new seed (name=createAdminUser, table=roles, rows=roles.csv)
migrate-up: ## Apply what is pending (step=N, to=NAME, name=NAME)
migrate-down: ## Revert the newest applied migration (step=N, to=NAME, name=NAME, all=1)
migrate-redo: ## Revert the newest one and apply it again (step=N)
migrate-status: ## Show the state of every migration (json=1)
migrate-repair: ## Correct the history by name (args="--applied NAME", args="--not-applied NAME")
seed-up: ## Apply the pending seeds (step=N, to=NAME, name=NAME)
seed-down: ## Revert all applied seeds, newest first (step=N, to=NAME, name=NAME)
seed-redo: ## Revert the newest seed and apply it again (step=N)
seed-status: ## Show the state of every seed (json=1)
seed-repair: ## Correct the history of the seeds by name (args="--applied NAME")
schema: ## Write the schema that the migrations make to apps/backend/tools/rds/schema.sql, .md and .svg
entities: ## Write the entities that the migrations make to crates/entity/src/tables
db-reset: ## Drop the database, then fresh-start (yes=1)

##@ The development server
db-start: ## Start it
db-stop: ## Stop it; its data stays
db-status: ## Tell whether it is running
db-psql: ## Open psql on the database (args="-c 'select 1'")
db-url: ## Print the URL of the database, starting the server if needed

##@ The code
fmt: ## Format everything, the discovered scripts included
fmt-check: ## Fail if something is not formatted
schema-check: ## Fail unless schema.sql, .md and .svg are what the migrations make
entities-check: ## Fail unless the entities are what the migrations make
lint: ## Run clippy, and look for banned idioms; a warning is an error
doc: ## Build the documentation; a warning is an error
check: ## All five, before a pull request; the tests come besides
test-versions: ## Run the suites that touch a database on PostgreSQL 14 to 18 (version=17)
torture: ## Disturb real runs of the migrator and compare what is left (args="--minutes 30")
bench: ## Measure the engine beside psql, release build

##@ Variables
## env=NAME   the environment, else APP_ENV, else development
## dry_run=1  list what would run, run nothing
## yes=1      do not ask
## args="…"   any other flags: args="--lock-wait 5s --strict"
## RUN=local  run on this machine; RUN=docker: in the tool container

front_door := $(firstword $(MAKEFILE_LIST))
ifneq ($(realpath $(front_door)),$(realpath Makefile))
$(error run make in the folder of its Makefile: make -C $(dir $(realpath $(front_door))) $(MAKECMDGOALS))
endif

# Every target above that has a comment, except the one with a recipe of its own.
commands := $(filter-out help,$(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(front_door)))

.PHONY: $(commands) help

# Those that have the word in them, or that it has in it.
near = $(strip $(foreach command,$(commands),$(if $(findstring $@,$(command))$(findstring $(command),$@),$(command))))

.DEFAULT:
	@echo "error: there is no command $@" >&2; \
	echo "hint: $(if $(near),did you mean $(near)? )make, alone, lists the commands" >&2; exit 2

# What stands on make's command line is data. Make would expand a `$(…)` in it on the way to the environment, so each
# variable becomes its own literal text; the launcher reads it from there, and no shell ever sees it in a recipe.
override given := $(strip $(foreach variable,$(.VARIABLES),$(if $(filter command,$(origin $(variable))),$(variable))))
define literal
override $(1) := $$(value $(1))
export $(1)
endef
$(foreach variable,$(given),$(eval $(call literal,$(variable))))
MAKEOVERRIDES :=
override SEEDBED_GIVEN := $(given)
export SEEDBED_GIVEN
# So that `make create-migration createWidgets` is answered with the spelling that was meant.
override SEEDBED_GOALS := $(value MAKECMDGOALS)
export SEEDBED_GOALS
override SEEDBED_TARGETS := $(commands)
export SEEDBED_TARGETS

$(commands):
	@scripts/launch.sh $@

help:
	@awk -f scripts/help.awk Makefile
