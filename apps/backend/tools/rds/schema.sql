-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET client_min_messages = warning;
SET search_path = '';

CREATE EXTENSION "uuid-ossp" WITH SCHEMA public;

CREATE TYPE public.product_type AS ENUM (
    'plan',
    'addon'
);

CREATE OR REPLACE FUNCTION public.keep_updated_at(target regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
            BEGIN
                EXECUTE format(
                    'CREATE TRIGGER keep_updated_at BEFORE UPDATE ON %s
                     FOR EACH ROW EXECUTE FUNCTION set_updated_at()', target);
            END $function$;

CREATE OR REPLACE FUNCTION public.set_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
            BEGIN
                IF OLD *<> NEW THEN
                    NEW.updated_at := now();
                END IF;
                RETURN NEW;
            END $function$;

CREATE TABLE public.organization_members (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.organizations (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    name character varying NOT NULL,
    slug character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    stripe_customer_id character varying
);

CREATE TABLE public.products (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    name character varying NOT NULL,
    type public.product_type NOT NULL,
    external_id character varying,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.roles (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    name character varying NOT NULL,
    description text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.users (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    email character varying NOT NULL,
    name character varying NOT NULL,
    password_hash character varying,
    is_admin boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    display_name character varying NOT NULL
);

ALTER TABLE ONLY public.organization_members ADD CONSTRAINT organization_members_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organizations ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organizations ADD CONSTRAINT organizations_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.products ADD CONSTRAINT products_external_id_key UNIQUE (external_id);

ALTER TABLE ONLY public.products ADD CONSTRAINT products_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.roles ADD CONSTRAINT roles_name_key UNIQUE (name);

ALTER TABLE ONLY public.roles ADD CONSTRAINT roles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE UNIQUE INDEX organization_members_organization_id_user_id_idx ON public.organization_members USING btree (organization_id, user_id);

CREATE INDEX organization_members_role_id_idx ON public.organization_members USING btree (role_id);

CREATE INDEX organization_members_user_id_idx ON public.organization_members USING btree (user_id);

CREATE UNIQUE INDEX organizations_stripe_customer_id_idx ON public.organizations USING btree (stripe_customer_id);

CREATE UNIQUE INDEX products_type_name_idx ON public.products USING btree (type, name);

CREATE UNIQUE INDEX users_lower_email_idx ON public.users USING btree (lower((email)::text));

ALTER TABLE public.organization_members ADD CONSTRAINT organization_members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;

ALTER TABLE public.organization_members ADD CONSTRAINT organization_members_role_id_fkey FOREIGN KEY (role_id) REFERENCES public.roles(id) ON DELETE RESTRICT;

ALTER TABLE public.organization_members ADD CONSTRAINT organization_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.organization_members FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.organizations FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.roles FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

COMMENT ON TYPE public.product_type IS 'What kind of product it is.
plan: What an organization subscribes to; one at a time.
addon: What it adds to its plan; any number.';

COMMENT ON TABLE public.organization_members IS 'who belongs to which organization, and as what.';

COMMENT ON COLUMN public.organization_members.organization_id IS 'Where they belong; deleting the organization deletes the row.';

COMMENT ON COLUMN public.organization_members.role_id IS 'As what; a role that somebody has cannot be deleted.';

COMMENT ON COLUMN public.organization_members.user_id IS 'Who belongs there; deleting the user deletes the row.';

COMMENT ON TABLE public.organizations IS 'who pays.';

COMMENT ON COLUMN public.organizations.name IS 'As its members write it.';

COMMENT ON COLUMN public.organizations.slug IS 'As URLs write it; unique.';

COMMENT ON COLUMN public.organizations.stripe_customer_id IS 'The customer at Stripe, once there is one; unique.';

COMMENT ON TABLE public.products IS 'what an organization can buy.';

COMMENT ON COLUMN public.products.external_id IS 'The product at the payment provider, once there is one; unique.';

COMMENT ON COLUMN public.products.name IS 'As customers see it; unique among products of its type.';

COMMENT ON COLUMN public.products.type IS 'What kind of product it is.';

COMMENT ON TABLE public.roles IS 'what a member of an organization may do there.';

COMMENT ON COLUMN public.roles.description IS 'What the role is for, in one sentence.';

COMMENT ON COLUMN public.roles.name IS '`owner`, `admin`, `member`, …; unique.';

COMMENT ON TABLE public.users IS 'who can sign in.';

COMMENT ON COLUMN public.users.display_name IS 'What others see.';

COMMENT ON COLUMN public.users.email IS 'As the user wrote it; unique whatever the case.';

COMMENT ON COLUMN public.users.is_admin IS 'Whether they may manage every organization.';

COMMENT ON COLUMN public.users.name IS 'The name in full.';

COMMENT ON COLUMN public.users.password_hash IS 'An argon2 hash in PHC format; nothing until an invited user has chosen a password.';
